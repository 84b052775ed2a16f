import { setTimeout as delay } from 'node:timers/promises'
import { getOrSet } from '@diskcache/recipes'
import { test as base, expect, onTestFinished } from 'vitest'
import { type MemoryOptions, RedisStore } from '../../src/index.ts'
import { describeRedis } from '../servers/describe-redis.ts'
import { RedisCluster } from '../servers/redis-cluster.ts'
import { connectClient, type RedisServer } from '../servers/redis-server.ts'
import { redisTest } from '../servers/redis-test.ts'
import { SentinelGroup } from '../servers/sentinel-group.ts'
import { TcpProxy } from '../servers/tcp-proxy.ts'
import { MEMORY, remember } from './remember.ts'

/** What it gives, or `failed`. */
const outcome = (read: Promise<unknown>) => read.catch(() => 'failed')

/** A store of which the connection can be held up, and cut. */
async function openBehindProxy(server: RedisServer, prefix: string, memory: MemoryOptions) {
  const proxy = await TcpProxy.start(server.port)
  const store = new RedisStore({ url: proxy.url, prefix, memory })
  onTestFinished(async () => {
    await store.close()
    await proxy.close()
  })
  return { proxy, store }
}

describeRedis('RedisStore with memory', () => {
  const test = redisTest()

  test('has forgotten everything when its connection was lost, before anything is read', async ({
    server,
    prefix,
    open,
  }) => {
    const other = open()
    const { proxy, store } = await openBehindProxy(server, prefix, MEMORY)
    for (let i = 0; i < 10; i++) {
      await other.set('key', i)
      await expect.poll(() => outcome(remember(store, 'key'))).toBe(i)
      await proxy.close()
      await other.set('key', 'new')
      const read = () => outcome(store.get('key'))
      // Until the loss of the connection has come here, no change can have.
      await expect.poll(read, { interval: 1 }).toBe('failed')
      for (let j = 0; j < 5; j++) expect(await read()).toBe('failed')
      await proxy.open()
      await expect.poll(() => outcome(store.get('key'))).toBe('new')
    }
  })

  test('reads what is stored, when it has not been told anything for a while', async ({
    server,
    prefix,
    open,
  }) => {
    const other = open()
    const staleness = 200
    const { proxy, store } = await openBehindProxy(server, prefix, { ...MEMORY, staleness })
    await other.set('key', 'old')
    await remember(store, 'key')
    proxy.hold()
    await other.set('key', 'new')
    await delay(staleness)
    const reading = store.get('key')
    proxy.release()
    expect(await reading).toBe('new')
  })
})

describeRedis('RedisStore with memory, for reads that may be stale', () => {
  const test = redisTest()

  test('still has what it knew for reads that may be stale, but for what it changed itself', async ({
    server,
    prefix,
    open,
  }) => {
    const STALE = { stale: true }
    const other = open()
    const { proxy, store } = await openBehindProxy(server, prefix, MEMORY)
    const keys = ['kept', 'written', 'removed', 'evicted']
    for (const key of keys) await other.set(key, 'old', { tag: key })
    await other.set('expiring', 'old', { ttl: 1_500 })
    for (const key of [...keys, 'expiring']) expect(await remember(store, key)).toBe('old')
    const { expireTime = null } = (await store.getEntry('kept')) ?? {}
    await proxy.close()
    await expect.poll(() => outcome(store.get('kept'))).toBe('failed')
    expect(await store.get('kept', STALE)).toBe('old')
    expect(await store.getEntry('kept', STALE)).toEqual({ value: 'old', expireTime, tags: ['kept'] })
    expect(await store.getEntry('written', STALE)).toBeUndefined()
    expect(await store.get('unknown', STALE)).toBeUndefined()
    await outcome(store.set('written', 'new'))
    await outcome(store.delete('removed'))
    expect(await store.get('written', STALE)).toBeUndefined()
    expect(await store.get('removed', STALE)).toBeUndefined()
    await expect.poll(() => store.get('expiring', STALE)).toBeUndefined()
    await proxy.open()
    await expect.poll(() => outcome(store.get('unknown'))).toBeUndefined()
    await other.set('kept', 'new')
    expect(await store.get('kept', STALE)).toBe('old')
    expect(await store.get('kept')).toBe('new')
    expect(await outcome(remember(store, 'kept'))).toBe('new')
    expect(await store.get('kept', STALE)).toBe('new')
    // The server may have lost it, so that it would not be found among what is removed.
    await other.delete('evicted')
    await store.evict('evicted')
    expect(await store.get('evicted', STALE)).toBeUndefined()
  })

  test('answers reads that may be stale while others wait for Redis', async ({ server, prefix, open }) => {
    const { proxy, store } = await openBehindProxy(server, prefix, { ...MEMORY, staleness: 0 })
    await open().set('key', 'old')
    // Until it has been kept.
    await expect.poll(async () => (await store.get('key')) && store.get('key', { stale: true })).toBe('old')
    proxy.hold()
    const reading = store.get('key')
    expect(await store.get('key', { stale: true })).toBe('old')
    proxy.release()
    expect(await reading).toBe('old')
    await using plain = new RedisStore({ url: server.url, prefix })
    expect(await plain.get('key')).toBe('old')
    expect(await plain.get('key', { stale: true })).toBeUndefined()
    expect(await plain.getEntry('key', { stale: true })).toBeUndefined()
    await expect(plain.get('key', { stale: true, fresh: true })).rejects.toThrow('fresh and stale')
  })

  test('serves getOrSet() with staleIfAway while Redis is away', async ({ server, prefix }) => {
    const { proxy, store } = await openBehindProxy(server, prefix, { ...MEMORY, staleness: 0 })
    const [options, runs] = [{ ttl: 1, staleFor: 600_000 }, { count: 0 }]
    const ask = (staleIfAway: boolean) =>
      getOrSet(store, 'k', () => ++runs.count, { ...options, staleIfAway })
    expect(await ask(false)).toBe(1)
    await expect.poll(() => ask(false)).toBeGreaterThan(1)
    await expect.poll(() => store.get(['diskcache', 'getOrSet', 'k'], { stale: true })).toBeDefined()
    await proxy.close()
    await expect.poll(() => outcome(store.get('k'))).toBe('failed')
    const seen = await ask(true)
    const before = runs.count
    for (let i = 0; i < 5; i++) expect(await ask(true)).toBe(seen)
    expect(runs.count).toBe(before)
    expect(await ask(false)).toBe(before + 1)
  })
})

describeRedis('RedisStore with memory, told of changes', () => {
  const test = redisTest()

  test('knows what waitFor has told of, before Redis tells of it over the other connection', async ({
    server,
    prefix,
    open,
  }) => {
    const other = open()
    const { proxy, store } = await openBehindProxy(server, prefix, MEMORY)
    await other.set('key', 'old')
    await remember(store, 'key')
    // The connection of messages is made after that.
    proxy.hold()
    const waiting = store.waitFor(['key'], { signal: AbortSignal.timeout(20_000) })
    await other.set('key', 'new')
    expect(await store.get('key')).toBe('old')
    await waiting
    const reading = store.get('key')
    proxy.release()
    expect(await reading).toBe('new')
  })

  test('asks by itself, so that those who read all the time need not wait', async ({ open }) => {
    const [store, other] = [open({ memory: { ...MEMORY, staleness: 100 } }), open()]
    await other.set('key', 1)
    await remember(store, 'key')
    const before = (await store.stats()).memory
    for (let i = 0; i < 100; i++) {
      await store.get('key')
      await delay(5)
    }
    const after = (await store.stats()).memory
    // On a machine that stands still for a while now and then.
    expect((after?.hits ?? 0) - (before?.hits ?? 0)).toBeGreaterThan(50)
  })
})

describeRedis('RedisStore with memory behind Sentinel', () => {
  base.for(['is killed', 'hands over'])('knows what was written after the primary %s', async (how) => {
    const group = await SentinelGroup.start()
    onTestFinished(() => group.stop())
    const [store, other] = [
      new RedisStore({ sentinel: group.options, memory: MEMORY }),
      new RedisStore({ sentinel: group.options }),
    ]
    await other.set('key', 'old')
    expect(await remember(store, 'key')).toBe('old')
    const old = await group.primary()
    if (how === 'is killed') await old.kill()
    else await group.failover()
    await group.replaced(old)
    await using direct = new RedisStore({ url: (await group.primary()).url })
    // Again and again, since what the old one is told now is lost.
    let n = 0
    const isKnown = async () => {
      await outcome(other.set('key', ++n))
      return (await outcome(remember(store, 'key'))) === n && (await direct.get('key')) === n
    }
    await expect.poll(isKnown, { timeout: 60_000, interval: 50 }).toBe(true)
    await other.set('key', 'newer')
    await expect.poll(() => store.get('key')).toBe('newer')
    await Promise.all([store.close(), other.close()])
  })
})

describeRedis('RedisStore with memory on a cluster of three', () => {
  base('is told by each of them, also of a slot that has moved', async () => {
    const cluster = await RedisCluster.start()
    onTestFinished(() => cluster.stop())
    const client = await cluster.connect()
    const [store, other] = [new RedisStore({ client, memory: MEMORY }), new RedisStore({ client })]
    const keys = Array.from({ length: 30 }, (_, i) => `key ${i}`)
    await other.setMany(keys.map((key) => [key, 'old']))
    for (const key of keys) expect(await remember(store, key)).toBe('old')
    await other.setMany(keys.map((key) => [key, 'new']))
    for (const key of keys) await expect.poll(() => store.get(key)).toBe('new')
    for (const key of keys) expect(await remember(store, key)).toBe('new')
    for (const server of cluster.servers) await flush(server)
    for (const key of keys) await expect.poll(() => store.get(key)).toBe(undefined)

    await other.set('moving', 'old')
    await remember(store, 'moving')
    await moveSlot(cluster, client, 'diskcache{smoving}')
    await other.set('moving', 'new')
    await expect.poll(() => remember(store, 'moving')).toBe('new')
    await other.set('moving', 'newer')
    await expect.poll(() => store.get('moving')).toBe('newer')
    await Promise.all([store.close(), other.close()])
    client.destroy()
  })

  base('connects when it can', async () => {
    const cluster = await RedisCluster.start()
    onTestFinished(() => cluster.stop())
    const client = await cluster.connect()
    for (const server of cluster.servers) server.pause()
    await using store = new RedisStore({ client, memory: MEMORY, timeout: 300 })
    await expect(store.get('key')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_TIMEOUT' })
    for (const server of cluster.servers) server.resume()
    await expect.poll(() => outcome(store.set('key', 1)), { timeout: 20_000 }).toBe(true)
    expect(await remember(store, 'key')).toBe(1)
    await store.close()
    client.destroy()
  })
})

async function flush({ url }: RedisServer): Promise<void> {
  const client = await connectClient(url)
  await client.sendCommand(['FLUSHALL'])
  client.destroy()
}

/** Moves the slot of a name, with the name, to another server. */
async function moveSlot(
  cluster: RedisCluster,
  client: Awaited<ReturnType<RedisCluster['connect']>>,
  name: string,
): Promise<void> {
  const slot = String(await client.sendCommand(undefined, true, ['CLUSTER', 'KEYSLOT', name]))
  const source = cluster.serverOf(Number(slot))
  const target = cluster.servers.find((server) => server !== source) as RedisServer
  const [from, to] = await Promise.all([connectClient(source.url), connectClient(target.url)])
  const [fromId, toId] = await Promise.all(
    [from, to].map(async (node) => String(await node.sendCommand(['CLUSTER', 'MYID']))),
  )
  await to.sendCommand(['CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId as string])
  await from.sendCommand(['CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId as string])
  await from.sendCommand(['MIGRATE', '127.0.0.1', String(target.port), name, '0', '5000'])
  for (const node of [to, from]) {
    await node.sendCommand(['CLUSTER', 'SETSLOT', slot, 'NODE', toId as string])
    node.destroy()
  }
}
