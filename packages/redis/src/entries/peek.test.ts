import { Readable } from 'node:stream'
import { STORE_PEEK } from '@diskcache/core'
import { expect } from 'vitest'
import { describeRedis } from '../../tests/servers/describe-redis.ts'
import { redisTest } from '../../tests/servers/redis-test.ts'

describeRedis('RedisStore[STORE_PEEK]()', () => {
  const test = redisTest()

  test('tells of entries, in the order of the keys, what is known without their values', async ({
    store,
    client,
    prefix,
  }) => {
    await store.set('text', 'é', { tag: ['a', 2], ttl: 60_000 })
    await store.set('number', 1)
    await store.set('map', new Map([[1, 'x'.repeat(200_000)]]))
    await store.write('large', Readable.from([Buffer.alloc(300_000)]))
    await client.set(`${prefix}{sforeign}`, 'none of ours')
    const keys = ['text', 'missing', 'number', 'map', 'large', 'foreign']
    const [text, ...others] = await store[STORE_PEEK](keys)
    expect(text).toMatchObject({ kind: 'text', bytes: 2, isApart: false, tags: ['a', 2] })
    expect(text?.expireTime).toBe((await store.getEntry('text'))?.expireTime)
    expect(others).toMatchObject([
      undefined,
      { kind: 'number', bytes: 8, isApart: false, tags: [], expireTime: null },
      { kind: 'structured', isApart: true },
      { kind: 'stream', bytes: 300_000, isApart: true },
      { kind: 'unknown' },
    ])
    await client.del(`${prefix}{sforeign}`)
  })
})
