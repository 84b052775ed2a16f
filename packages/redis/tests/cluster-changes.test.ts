import { Lock, setIfNewer } from '@diskcache/recipes'
import { test as base, expect } from 'vitest'
import { RedisStore } from '../src/index.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { RedisCluster } from './servers/redis-cluster.ts'
import { connectClient, type RedisServer } from './servers/redis-server.ts'

const LARGE = Buffer.alloc(300_000, 'large')

type ClusterClient = Awaited<ReturnType<RedisCluster['connect']>>

/** The slot of an entry whose key is a string. */
async function slotOf(client: ClusterClient, prefix: string, key: string): Promise<number> {
  return Number(await client.sendCommand(undefined, true, ['CLUSTER', 'KEYSLOT', `${prefix}{s${key}}`]))
}

/** What it gives, or the code of its error, which must be one. */
async function outcome<T>(operation: Promise<T>): Promise<T | string> {
  try {
    return await operation
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_DISKCACHE_(TIMEOUT|ENGINE)$/) })
    return (error as { code: string }).code
  }
}

describeRedis('RedisStore on a cluster of which a primary is killed', () => {
  const test = base.extend<{ cluster: RedisCluster; client: ClusterClient }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    cluster: async ({}, use) => {
      const cluster = await RedisCluster.start({ hasReplicas: true })
      await use(cluster)
      await cluster.stop()
    },
    client: async ({ cluster }, use) => {
      const client = await cluster.connect()
      await use(client)
      client.destroy()
    },
  })

  test('fails until the replica takes over, then goes on; a lock is lost before another has it', async ({
    cluster,
    client,
  }) => {
    const prefix = 'failover'
    const [store, other] = [
      new RedisStore({ client, prefix, timeout: 500 }),
      new RedisStore({ client, prefix, timeout: 500 }),
    ]
    const keys = Array.from({ length: 12 }, (_, i) => `k${i}`)
    await store.setMany(keys.map((key) => [key, LARGE]))
    await store.set('lost', 'before')
    const slot = await slotOf(client, prefix, 'lost')
    const doomed = cluster.serverOf(slot)

    // The killed server has the rows of some of them.
    const names = Array.from({ length: 12 }, (_, i) => `lock ${i}`)
    const short = await Promise.all(names.map((name) => new Lock(store, name, { lease: 900 }).acquire()))
    const long = await Promise.all(names.map((name) => new Lock(store, `long ${name}`).acquire()))
    expect(await client.sendCommand(`${prefix}{slost}`, false, ['WAIT', '1', '20000'])).toBe(1)
    await doomed.kill()

    const lost = Promise.race(
      short.map((hold) => new Promise((resolve) => hold.lost.addEventListener('abort', resolve))),
    )
    expect(await outcome(store.set('lost', 'late'))).toMatch(/^ERR_/)
    await lost
    while ((await outcome(store.set('lost', 'after'))) !== true)
      await Promise.all(keys.map((key) => outcome(other.get(key))))

    // All that the replica had heard of is there.
    await expect.poll(() => outcome(store.getMany(keys)), { timeout: 30_000 }).toEqual(keys.map(() => LARGE))
    expect(await store.get('lost')).toBe('after')
    expect(await Array.fromAsync(store.keys({ prefix: 'k' }))).toHaveLength(keys.length)

    for (const [i, hold] of short.entries()) {
      if (!hold.lost.aborted) continue
      const next = await new Lock(other, names[i] as string).acquire()
      expect(next.token).toBeGreaterThan(hold.token)
      expect(await setIfNewer(other, 'data', 'new', next.token)).toBe(true)
      expect(await setIfNewer(store, 'data', 'old', hold.token)).toBe(false)
      await next.release()
    }
    for (const hold of long) await hold.release()
    await Promise.all([store.close(), other.close()])
  })
})

describeRedis('RedisStore on a cluster of which a slot moves', () => {
  base('follows, while it moves and afterwards', async () => {
    const cluster = await RedisCluster.start()
    const client = await cluster.connect()
    const prefix = 'moving'
    await using store = new RedisStore({ client, prefix })
    for (const key of ['there', 'absent']) {
      const slot = String(await slotOf(client, prefix, key))
      const source = cluster.serverOf(Number(slot))
      const target = cluster.servers.find((server) => server !== source) as RedisServer
      const [from, to] = await Promise.all([connectClient(source.url), connectClient(target.url)])
      const [fromId, toId] = await Promise.all(
        [from, to].map(async (node) => String(await node.sendCommand(['CLUSTER', 'MYID']))),
      )
      if (key === 'there') await store.set(key, LARGE)
      await to.sendCommand(['CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId as string])
      await from.sendCommand(['CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId as string])
      if (key === 'there') {
        expect(await store.update(key, () => ({ set: 1 }))).toMatchObject({ value: 1 })
        const names = await from.keys(`${prefix}{s${key}}*`)
        await from.sendCommand([
          'MIGRATE',
          '127.0.0.1',
          String(target.port),
          '',
          '0',
          '5000',
          'KEYS',
          ...names,
        ])
      } else {
        expect(await store.add(key, 1)).toBe(true)
      }
      // Asked for at the source, and found at the target.
      expect([await store.incr(key), await store.get(key), await store.has(key)]).toEqual([2, 2, true])
      expect(await store.set(key, LARGE, { tag: 't' })).toBe(true)
      expect(await store.getMany([key])).toEqual([LARGE])
      for (const node of [to, from])
        await node.sendCommand(['CLUSTER', 'SETSLOT', slot, 'NODE', toId as string])
      // Moved for good.
      expect(await store.get(key)).toEqual(LARGE)
      expect(await store.update(key, () => ({ set: 3 }))).toMatchObject({ value: 3, tags: ['t'] })
      expect(await store.evict('t')).toBe(1)
      for (const node of [from, to]) node.destroy()
    }
    expect(await store.check()).toEqual([])
    client.destroy()
    await cluster.stop()
  })
})
