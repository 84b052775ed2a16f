import type { ReadOptions } from '@diskcache/core'
import { expect } from 'vitest'
import { describeRedis } from '../../tests/servers/describe-redis.ts'
import { meddlingClient } from '../../tests/servers/meddling-client.ts'
import { redisTest } from '../../tests/servers/redis-test.ts'
import { CHUNK_SIZE } from './chunks/chunks.ts'

describeRedis('RedisStore.read() of a range', () => {
  const test = redisTest()

  test.for([
    [{ start: 20 * CHUNK_SIZE - 1 }, 1],
    [{ start: 19 * CHUNK_SIZE - 1 }, 2],
    [{ start: 3 * CHUNK_SIZE, end: 4 * CHUNK_SIZE }, 1],
    [{ start: 3 * CHUNK_SIZE, end: 8 * CHUNK_SIZE + 1 }, 6],
    [{ start: 5, end: 5 }, 0],
    [{ start: 20 * CHUNK_SIZE }, 0],
    [{}, 20],
  ] as const)('of %o fetches %d of 20 chunks', async ([range, expected], { client, open }) => {
    let fetched = 0
    const counted = meddlingClient(client, async (_, send) => {
      const reply = await send()
      if (Array.isArray(reply)) fetched += reply.filter((part) => part?.length === CHUNK_SIZE).length
      return reply
    })
    const store = open({ client: counted })
    await store.set('k', Buffer.alloc(20 * CHUNK_SIZE))
    await (await store.read('k', range))!.toArray()
    expect(fetched).toBe(expected)
  })

  test('misses, or fails, where Redis has lost a chunk of it', async ({ store, client, prefix }) => {
    const value = Buffer.alloc(8 * CHUNK_SIZE, 'value')
    const corrupt = expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' })
    for (const [key, instead] of [['lost'], ['cut', Buffer.alloc(7)]] as const) {
      await store.set(key, value)
      const [chunks] = (await client.keys(`${prefix}{s${key}}:*`)) as [string]
      await (instead ? client.hSet(chunks, '6', instead) : client.hDel(chunks, '6'))
      const read = async (range: ReadOptions) => (await store.read(key, range))?.toArray()
      await expect(read({ start: 5 * CHUNK_SIZE })).rejects.toEqual(corrupt)
      expect(Buffer.concat((await read({ end: 6 * CHUNK_SIZE }))!)).toEqual(value.subarray(0, 6 * CHUNK_SIZE))
      expect(await read({ start: 6 * CHUNK_SIZE })).toBeUndefined()
      expect(await store.has(key)).toBe(false)
    }
  })
})
