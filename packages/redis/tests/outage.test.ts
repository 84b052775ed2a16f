import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import { test as base, describe, expect, onTestFinished } from 'vitest'
import { RedisStore } from '../src/index.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { RedisCluster } from './servers/redis-cluster.ts'
import { connectClient, RedisServer } from './servers/redis-server.ts'
import { redisTest } from './servers/redis-test.ts'
import { SentinelGroup } from './servers/sentinel-group.ts'
import { TcpProxy } from './servers/tcp-proxy.ts'

/** So long, that no test waits for it: what fails, fails before. */
const NEVER = 600_000

/** In milliseconds, how soon an operation fails without a connection: a good deal more than at once, for a busy machine. */
const AT_ONCE = 400

/** How soon entries are read again when Redis is back, in milliseconds. */
const BACK = 3_000

const ENGINE = { code: 'ERR_DISKCACHE_ENGINE', cause: expect.anything() }

/** Asks again and again until it is answered, and returns for how many milliseconds it was not. */
async function timeUntilHit(store: RedisStore, key = 'key'): Promise<number> {
  const start = performance.now()
  const reads: Promise<unknown>[] = []
  let isBack = false
  while (!isBack && performance.now() - start < 10 * BACK) {
    const read = store.get(key).then(
      (value) => {
        isBack ||= value === 'value'
      },
      () => {},
    )
    reads.push(read)
    await delay(20)
  }
  const time = performance.now() - start
  await Promise.all(reads)
  return time
}

/** How long it takes to fail with the right error, once the connection has been away for a moment. */
async function timeToFail(store: RedisStore): Promise<number> {
  await expect(store.get('key')).rejects.toMatchObject(ENGINE)
  await delay(500)
  const start = performance.now()
  for (const operation of [store.get('key'), store.set('key', 1), store.getMany(['key', 'b'])])
    await expect(operation).rejects.toMatchObject(ENGINE)
  return performance.now() - start
}

describeRedis('RedisStore without a connection fails at once', () => {
  const test = redisTest()

  const clients = {
    'a client with an offline queue': (url: string) => createClient({ url }),
    'a client without one': (url: string) => createClient({ url, disableOfflineQueue: true }),
    'a client that waits long before it tries again': (url: string) =>
      createClient({ url, socket: { reconnectStrategy: 60_000 } }),
  }
  test.for(Object.entries(clients))('over %s', async ([, make], { server, prefix }) => {
    const proxy = await TcpProxy.start(server.port)
    const client = make(proxy.url)
    client.on('error', () => {})
    await client.connect()
    const store = new RedisStore({ client: client as never, prefix, timeout: NEVER })
    await store.set('key', 'value')
    await proxy.close()
    expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
    await store.close()
    client.destroy()
  })

  test('over a client of its own, also by the options of ioredis, and goes on', async ({
    server,
    prefix,
  }) => {
    const proxy = await TcpProxy.start(server.port)
    const redis = new Redis({ port: proxy.port, lazyConnect: true })
    for (const how of [{ url: proxy.url }, { client: redis }]) {
      await using store = new RedisStore({ ...how, prefix, timeout: NEVER })
      await store.set('key', 'value')
      await proxy.close()
      expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
      await proxy.open()
      expect(await timeUntilHit(store)).toBeLessThan(BACK)
    }
    redis.disconnect()
    await proxy.close()
  })

  test('while an attempt to connect is not answered', async ({ server, prefix }) => {
    const proxy = await TcpProxy.start(server.port)
    await using store = new RedisStore({ url: proxy.url, prefix, timeout: NEVER })
    await store.set('key', 'value')
    proxy.swallow()
    proxy.cut()
    expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
    proxy.heal()
    expect(await timeUntilHit(store)).toBeLessThan(BACK)
    await proxy.close()
  })

  test('but waits for the first connection, though not for ever', async ({ server, prefix }) => {
    const proxy = await TcpProxy.start(server.port)
    await using first = new RedisStore({ url: proxy.url, prefix, timeout: NEVER })
    expect(await first.set('key', 'value')).toBe(true)
    proxy.swallow()
    await using second = new RedisStore({ url: proxy.url, prefix, timeout: NEVER })
    await expect(second.get('key')).rejects.toMatchObject(ENGINE)
    await proxy.close()
  })

  test('but loses nothing when the connection is made again at once', async ({ server, prefix }) => {
    const proxy = await TcpProxy.start(server.port)
    await using store = new RedisStore({ url: proxy.url, prefix })
    for (let i = 0; i < 20; i++) {
      await store.set('n', i)
      proxy.cut()
      // Until this process hears of it.
      await delay(5)
      expect(await store.get('n')).toBe(i)
    }
    await proxy.close()
  })
})

describeRedis('RedisStore on several servers fails at once', () => {
  base('on a cluster, for the slots of the server that is away', async () => {
    const cluster = await RedisCluster.start()
    onTestFinished(() => cluster.stop())
    const client = createCluster({ rootNodes: [{ url: cluster.servers[0]?.url as string }] })
    client.on('error', () => {})
    await client.connect()
    await using store = new RedisStore({ client: client as never, timeout: NEVER })
    await store.set('key', 'value')
    for (const server of cluster.servers) await server.kill()
    expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
    await store.close()
    client.destroy()
  })

  base('behind Sentinel', async () => {
    const group = await SentinelGroup.start()
    onTestFinished(() => group.stop())
    await using store = new RedisStore({ sentinel: group.options, timeout: NEVER })
    await store.set('key', 'value')
    for (const server of group.servers) await server.kill()
    expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
    expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
  })
})

describe.each([
  ['', {}],
  [' with memory', { memory: { maxBytes: 1e6, staleness: 0 } }],
] as const)('RedisStore%s whose server says nothing', (_, options) => {
  describeRedis('reads again soon after', () => {
    base.for([1_500, 8_000])('it has stood still for %i ms', async (time) => {
      const server = await RedisServer.start()
      onTestFinished(() => server.stop())
      await using store = new RedisStore({ url: server.url, ...options })
      await store.set('key', 'value')
      server.pause()
      const reads = timeUntilHit(store)
      await delay(time)
      server.resume()
      expect((await reads) - time).toBeLessThan(BACK)
    })

    base.for([0, 1_500, 8_000])('what was sent for %i ms is swallowed', async (time) => {
      const server = await RedisServer.start()
      onTestFinished(() => server.stop())
      const proxy = await TcpProxy.start(server.port)
      await using store = new RedisStore({ url: proxy.url, ...options })
      await store.set('key', 'value')
      proxy.swallow()
      const reads = timeUntilHit(store)
      await delay(time)
      proxy.heal()
      expect((await reads) - time).toBeLessThan(BACK)
      await store.close()
      await proxy.close()
    })

    base('its first connection was not answered', async () => {
      const server = await RedisServer.start()
      onTestFinished(() => server.stop())
      const direct = await connectClient(server.url)
      await using writer = new RedisStore({ client: direct })
      await writer.set('key', 'value')
      const proxy = await TcpProxy.start(server.port)
      proxy.swallow()
      await using store = new RedisStore({ url: proxy.url, ...options })
      await expect(store.get('key')).rejects.toMatchObject(ENGINE)
      proxy.heal()
      expect(await timeUntilHit(store)).toBeLessThan(BACK)
      await store.close()
      await proxy.close()
      direct.destroy()
    })
  })
})

describeRedis("RedisStore over the caller's client, whose server says nothing", () => {
  const test = redisTest()

  test('fails at once after a while, and goes on when it answers', async ({ prefix }) => {
    const server = await RedisServer.start()
    onTestFinished(() => server.stop())
    const client = await connectClient(server.url)
    await using store = new RedisStore({ client, prefix })
    await store.set('key', 'value')
    server.pause()
    const reads = timeUntilHit(store)
    await delay(8_000)
    expect(await timeToFail(store)).toBeLessThan(AT_ONCE)
    server.resume()
    expect((await reads) - 8_500).toBeLessThan(BACK)
    await store.close()
    client.destroy()
  })

  test('leaves the client the silence in which that notices, with socketTimeout', async ({
    server,
    prefix,
  }) => {
    const proxy = await TcpProxy.start(server.port)
    const socket = { socketTimeout: 1_500, reconnectStrategy: 100 }
    const client = createClient({ url: proxy.url, pingInterval: 500, socket })
    client.on('error', () => {})
    await client.connect()
    await using store = new RedisStore({ client: client as never, prefix })
    await store.set('key', 'value')
    proxy.swallow()
    const reads = timeUntilHit(store)
    await delay(6_500)
    proxy.heal()
    expect((await reads) - 6_500).toBeLessThan(BACK)
    await store.close()
    client.destroy()
    await proxy.close()
  })

  test('fails at once what its queue has no room for, with commandsQueueMaxLength', async ({ prefix }) => {
    const server = await RedisServer.start()
    onTestFinished(() => server.stop())
    const client = createClient({ url: server.url, commandsQueueMaxLength: 5 })
    await client.connect()
    await using store = new RedisStore({ client: client as never, prefix })
    await store.set('key', 'value')
    server.pause()
    // On several keys, since reads of one go together.
    const reads = Array.from({ length: 5 }, (_, i) => store.getMany([`key ${i}`]))
    await expect(store.getMany(['key'])).rejects.toMatchObject({
      ...ENGINE,
      cause: { message: 'The queue is full' },
    })
    server.resume()
    await Promise.all(reads)
    await store.close()
    client.destroy()
  })
})

describeRedis('RedisStore whose server is merely busy', () => {
  base('keeps its connection, and what waits is done', async () => {
    const server = await RedisServer.start({ settings: { 'enable-debug-command': 'yes' } })
    onTestFinished(() => server.stop())
    const client = await connectClient(server.url)
    await using store = new RedisStore({ url: server.url, timeout: NEVER })
    await store.set('key', 'value')
    const id = await connectionOf(client)
    const sleeping = client.sendCommand(['DEBUG', 'SLEEP', '3.5'])
    expect(await Promise.all([store.get('key'), store.incr('n')])).toEqual(['value', 1])
    await sleeping
    expect(await connectionOf(client)).toBe(id)
    client.destroy()
  })

  base('keeps its connection while a large answer comes slowly', async () => {
    const server = await RedisServer.start()
    onTestFinished(() => server.stop())
    const client = await connectClient(server.url)
    await using writer = new RedisStore({ client })
    const value = Buffer.alloc(2_000_000, 'large')
    await writer.set('large', value)
    const proxy = await TcpProxy.start(server.port)
    await using store = new RedisStore({ url: proxy.url, timeout: NEVER })
    expect(await store.get('none')).toBeUndefined()
    proxy.slowDown()
    expect(await store.get('large')).toEqual(value)
    await store.close()
    await proxy.close()
    client.destroy()
  })
})

/** Of the only other client. */
async function connectionOf(client: Awaited<ReturnType<typeof connectClient>>): Promise<string> {
  const own = await client.sendCommand(['CLIENT', 'ID'])
  const ids = String(await client.sendCommand(['CLIENT', 'LIST'])).matchAll(/^id=(\d+)/gm)
  return [...ids]
    .map(([, id]) => id)
    .filter((id) => id !== String(own))
    .join()
}
