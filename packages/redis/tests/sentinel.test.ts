import { Lock } from '@diskcache/recipes'
import { createSentinel } from 'redis'
import { test as base, expect, onTestFinished } from 'vitest'
import { RedisStore } from '../src/index.ts'
import { describeRedis, describeWhole } from './servers/describe-redis.ts'
import { connectClient, freePort } from './servers/redis-server.ts'
import { SentinelGroup } from './servers/sentinel-group.ts'

const LARGE = Buffer.alloc(600_000, 'large')

const test = base.extend<{ group: SentinelGroup }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  group: async ({}, use) => {
    const group = await SentinelGroup.start()
    await use(group)
    await group.stop()
  },
})

const WAYS = ['options', 'a client'] as const

async function connectedSentinel(group: SentinelGroup) {
  const { name, sentinelRootNodes } = group.options
  const client = createSentinel({ name, sentinelRootNodes: [...sentinelRootNodes] })
  client.on('error', () => {})
  onTestFinished(() => client.destroy())
  return client.connect()
}

async function optionsFor(way: (typeof WAYS)[number], group: SentinelGroup) {
  return way === 'options' ? { sentinel: group.options } : { client: await connectedSentinel(group) }
}

describeWhole('RedisStore on a group that sentinels watch', () => {
  test.for(WAYS)('does what it does on one server, by %s', async (way, { group }) => {
    const opened = await optionsFor(way, group)
    await using store = new RedisStore(opened)
    await using other = new RedisStore({ ...opened, memory: { maxBytes: 1e6 } })
    await store.setMany([
      ['text', '€'],
      ['large', LARGE, { tag: 't' }],
    ])
    expect(await other.getMany(['text', 'large'])).toEqual(['€', LARGE])
    const waiting = store.waitFor(['n'], { signal: AbortSignal.timeout(20_000) })
    expect(await other.incr('n')).toBe(1)
    await waiting
    expect(await store.update('n', (entry) => ({ set: Number(entry?.value) + 1 }))).toMatchObject({
      value: 2,
    })
    expect((await Array.fromAsync(store.keys())).toSorted()).toEqual(['large', 'n', 'text'])
    expect([await store.evict('t'), await store.clear()]).toEqual([1, 2])
  })

  test.for(['is killed', 'hands over'].flatMap((how) => WAYS.map((way) => [how, way] as const)))(
    'goes on when the primary %s, and counts nothing twice, by %s',
    async ([how, way], { group }) => {
      const options = await optionsFor(way, group)
      await using store = new RedisStore(options)
      await store.set('kept', LARGE)
      expect(await store.incr('n')).toBe(1)
      const hold = await new Lock(store, 'long', { lease: 600_000 }).acquire()
      const old = await group.primary()
      const client = await connectClient(old.url)
      expect(await client.sendCommand(['WAIT', '2', '20000'])).toBe(2)
      client.destroy()

      if (how === 'is killed') await old.kill()
      else await group.failover()
      let tried = 0
      const isUp = async () => {
        tried++
        return (await group.primary()) !== old && (await store.incr('n').catch(() => 0)) > 0
      }
      await expect.poll(isUp, { timeout: 60_000, interval: 50 }).toBe(true)
      expect(await store.get('n')).toBeLessThanOrEqual(1 + tried)
      expect(await store.get('kept')).toEqual(LARGE)
      hold.check()
      await hold.release()
      await store.close()
      if ('client' in options) expect(await options.client.get('no such key')).toBeNull()
    },
  )
})

describeRedis('RedisStore, when sentinels name a primary', () => {
  test('leaves the one before, although that goes on', async ({ group }) => {
    await using store = new RedisStore({ sentinel: group.options, prefix: 'shared' })
    await store.set('n', 0)
    const old = await group.primary()
    const client = await connectClient(old.url)
    // So that the sentinels cannot make it a replica.
    await client.sendCommand(['ACL', 'SETUSER', 'default', '-replicaof', '-slaveof'])
    client.destroy()
    await group.failover()
    await group.replaced(old)
    await using direct = new RedisStore({ url: (await group.primary()).url, prefix: 'shared' })
    let n = 0
    const arrives = async () => {
      n++
      const isSet = await store.set('n', n).catch(() => false)
      return isSet && (await direct.get('n')) === n
    }
    await expect.poll(arrives, { timeout: 60_000, interval: 50 }).toBe(true)
  })

  test('tells when its client is not connected, or has no connection to the primary', async ({ group }) => {
    const client = await connectedSentinel(group)
    await using store = new RedisStore({ client, timeout: 600_000 })
    await store.set('key', 1)
    for (const server of group.servers) await server.kill()
    await expect
      .poll(() => store.get('key').catch((error) => error.code), { timeout: 20_000 })
      .toBe('ERR_DISKCACHE_ENGINE')
    await client.destroy()
    await using other = new RedisStore({ client, timeout: 600_000 })
    await expect(other.get('key')).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_ENGINE',
      message: expect.stringContaining('not connected'),
    })
  })

  test('tells what it cannot use, and why it finds no primary', async () => {
    const sentinelRootNodes = [{ host: '127.0.0.1', port: await freePort() }]
    const sentinel = { name: 'group', sentinelRootNodes }
    expect(() => new RedisStore({ sentinel: { ...sentinel, sentinelRootNodes: [] } })).toThrow(
      'sentinelRootNodes',
    )
    await using store = new RedisStore({ sentinel, timeout: 600_000 })
    await expect(store.get('k')).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_ENGINE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})
