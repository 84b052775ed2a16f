import { createClient, createCluster } from 'redis'
import { expect } from 'vitest'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { RedisCluster } from '../tests/servers/redis-cluster.ts'
import { redisTest } from '../tests/servers/redis-test.ts'
import { RedisStore } from './index.ts'
import type { RedisClient } from './server/redis-client.ts'

/** Something that depends on how replies look, and on messages. */
async function tryOut(client: RedisClient): Promise<void> {
  await using store = new RedisStore({ client })
  await using other = new RedisStore({ client })
  const large = Buffer.alloc(600_000, 'large')
  await store.setMany([
    ['text', '€'],
    ['large', large],
  ])
  expect(await store.getMany(['text', 'large'])).toEqual(['€', large])
  const waiting = store.waitFor(['n'], { signal: AbortSignal.timeout(20_000) })
  expect(await other.incr('n')).toBe(1)
  await waiting
  expect(await store.update('n', (entry) => ({ set: Number(entry?.value) + 1 }))).toMatchObject({ value: 2 })
  expect((await Array.fromAsync(store.keys())).toSorted()).toEqual(['large', 'n', 'text'])
  expect(await store.clear()).toBe(3)
}

describeRedis("RedisStore over the caller's client", () => {
  const test = redisTest()

  test.for([2, 3] as const)('that speaks RESP %i', async (RESP, { server }) => {
    const client = createClient({ url: server.url, RESP })
    await client.connect()
    await tryOut(client)
    expect(await client.ping()).toBe('PONG')
    client.destroy()
  })

  test('that has a prefix, a timeout and a mapping of its own', async ({ server }) => {
    const commandOptions = { timeout: 60_000, typeMapping: { 36: String, 58: String } }
    const client = createClient({ url: server.url, commandOptions })
    await client.connect()
    await tryOut(client)
    client.destroy()
  })

  test('of a cluster', async () => {
    const cluster = await RedisCluster.start()
    for (const RESP of [2, 3] as const) {
      const client = createCluster({ rootNodes: [{ url: cluster.servers[0]?.url as string }], RESP })
      await client.connect()
      await tryOut(client)
      client.destroy()
    }
    await cluster.stop()
  })
})
