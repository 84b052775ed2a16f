import { Redis } from 'ioredis'
import { describe, expect, test as plainTest } from 'vitest'
import { CERTIFICATES, tlsServer } from '../tests/servers/certificates.ts'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { freePort } from '../tests/servers/redis-server.ts'
import { redisTest } from '../tests/servers/redis-test.ts'
import { TcpProxy } from '../tests/servers/tcp-proxy.ts'
import { RedisStore } from './index.ts'

/** So long, that no test waits for it: what fails, fails before. */
const NEVER = 600_000

/** Milliseconds that a write waits whose answer was lost. */
const PATIENCE = 1_000

async function failures(store: RedisStore): Promise<unknown[]> {
  const operations = [store.get('k'), store.set('k', 1), store.incr('n'), store.setMany([['k', 1]])]
  const results = await Promise.allSettled(operations)
  return results.map((result) => (result.status === 'rejected' ? result.reason : result.value))
}

describe('RedisStore that cannot connect', () => {
  plainTest.for([
    [
      'refused',
      async (): Promise<string> => `redis://127.0.0.1:${await freePort()}`,
      { code: 'ECONNREFUSED' },
    ],
    [
      'an unknown host',
      async (): Promise<string> => 'redis://no-such-host.invalid',
      { code: /^(ENOTFOUND|EAI_AGAIN)$/ },
    ],
  ] as const)('tells why at once: %s', async ([, makeUrl, cause]) => {
    const url: string = await makeUrl()
    await using store = new RedisStore({ url, timeout: NEVER })
    const expected = { code: 'ERR_DISKCACHE_ENGINE', cause: { code: expect.stringMatching(cause.code) } }
    expect(await failures(store)).toMatchObject(Array(4).fill(expected))
  })
})

describe('RedisStore whose server shows a certificate', () => {
  plainTest.for([
    ['by nobody known', 'valid', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of another host', 'valid', { ca: CERTIFICATES.valid }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', 'expired', { ca: CERTIFICATES.expired }, 'CERT_HAS_EXPIRED'],
  ] as const)('tells why at once: %s', async ([, certificate, tls, code]) => {
    await using server = await tlsServer(certificate)
    const client = new Redis({ host: 'localhost', port: server.port, lazyConnect: true, tls })
    await using store = new RedisStore({ client, timeout: NEVER })
    const expected = { code: 'ERR_DISKCACHE_ENGINE', cause: { code } }
    expect(await failures(store)).toMatchObject(Array(4).fill(expected))
    client.disconnect()
  })

  plainTest('by a url, too', async () => {
    await using server = await tlsServer('valid')
    await using store = new RedisStore({ url: `rediss://localhost:${server.port}`, timeout: NEVER })
    const expected = { code: 'ERR_DISKCACHE_ENGINE', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }
    expect(await failures(store)).toMatchObject(Array(4).fill(expected))
  })
})

describeRedis('RedisStore whose server refuses it', () => {
  const test = redisTest()

  test.for([
    ['a wrong password', (url: string) => url.replace('//', '//app:wrong@'), /^WRONGPASS/],
    ['a database that there is not', (url: string) => `${url}/99`, /index is out of range/],
    ['no TLS', (url: string) => url.replace('redis:', 'rediss:'), /./],
  ] as const)(
    'tells why at once, and does nothing: %s',
    async ([, wrong, message], { client, server, prefix }) => {
      await client.sendCommand(['ACL', 'SETUSER', 'app', 'on', '>right', '~*', '&*', '+@all'])
      await using store = new RedisStore({ url: wrong(server.url), prefix, timeout: NEVER })
      const expected = {
        code: 'ERR_DISKCACHE_ENGINE',
        cause: { message: expect.stringMatching(message) },
      }
      expect(await failures(store)).toMatchObject(Array(4).fill(expected))
      expect(await client.keys(`${prefix}*`)).toEqual([])
    },
  )

  test('only later, when it connects again', async ({ client, server, prefix }) => {
    const SETUSER = ['ACL', 'SETUSER', 'later', 'on', '~*', '&*', '+@all', 'resetpass']
    await client.sendCommand([...SETUSER, '>first'])
    const proxy = await TcpProxy.start(server.port)
    await using store = new RedisStore({
      url: proxy.url.replace('//', '//later:first@'),
      prefix,
      timeout: PATIENCE,
    })
    await store.set('k', 'before')
    await client.sendCommand([...SETUSER, '>second'])
    proxy.cut()
    await expect
      .poll(() => store.set('k', 'after').catch((error) => error.cause?.message), { timeout: 20_000 })
      .toMatch('WRONGPASS')
    expect(await client.get(`${prefix}{sk}`)).toContain('before')
    await client.sendCommand([...SETUSER, '>first'])
    await expect.poll(() => store.set('k', 'after').catch(() => false), { timeout: 20_000 }).toBe(true)
    await proxy.close()
  })
})
