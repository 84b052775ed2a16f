import { expect } from 'vitest'
import { describeRedis } from '../../tests/servers/describe-redis.ts'
import { redisTest } from '../../tests/servers/redis-test.ts'

describeRedis('RedisStore, operations of one kind that wait for the same entry', () => {
  const test = redisTest()

  test('delete() removes once, and of what is written in between again', async ({ store }) => {
    const results = await Promise.all([
      store.set('k', 1),
      store.delete('k'),
      store.delete('k'),
      store.delete('k'),
      store.set('k', 2),
      store.delete('k'),
      store.delete('k'),
      store.get('k'),
    ])
    expect(results).toEqual([true, true, false, false, true, true, false, undefined])
  })

  test('touch() leaves the last expiry, and tells of each whether there was an entry', async ({ store }) => {
    const touch = (ttl: number) => store.touch('k', { ttl })
    const touches = () => Promise.all([touch(1e6), touch(2e6), touch(3e6), touch(4e6)])
    expect(await touches()).toEqual([false, false, false, false])
    await store.set('k', 1)
    const now = Date.now()
    expect(await touches()).toEqual([true, true, true, true])
    const { expireTime } = (await store.getEntry('k')) ?? {}
    expect(expireTime).toBeGreaterThan(now + 3.5e6)
    expect(await Promise.all([touch(1e6), touch(2e6), touch(0), touch(3e6), store.has('k')])).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})
