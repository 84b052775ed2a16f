import { expect } from 'vitest'
import { describeRedis } from '../../../tests/servers/describe-redis.ts'
import { redisTest } from '../../../tests/servers/redis-test.ts'
import type { RedisStore } from '../../index.ts'
import { CLOCK_LAG } from '../../scripts/put.ts'

describeRedis('RedisStore.update() goes by what it left there itself', () => {
  const test = redisTest()
  const increment = (entry: { value: unknown } | undefined) => ({ set: Number(entry?.value ?? 0) + 1 })

  test.for<[string, unknown, (other: RedisStore) => Promise<unknown>]>([
    ['nothing', 1, async () => {}],
    ['set', 8, (other) => other.set('k', 8)],
    ['delete', undefined, (other) => other.delete('k')],
    ['incr', 6, (other) => other.incr('k', 5)],
    ['update', 2, (other) => other.update('k', increment)],
    ['clear', undefined, (other) => other.clear()],
  ])('unless another has changed it: %s', async ([, expected, change], { store, open }) => {
    for (const decision of ['keep', 'throw', 'delete', 'set'] as const) {
      await store.delete('k')
      await store.update('k', increment)
      await change(open())
      const seen: unknown[] = []
      const updated = store.update('k', (entry) => {
        seen.push(entry?.value)
        if (decision === 'throw') throw new Error('not now')
        return decision === 'keep'
          ? { keep: true }
          : decision === 'delete'
            ? { delete: true }
            : increment(entry)
      })
      if (decision === 'throw') await expect(updated).rejects.toThrow('not now')
      else await updated
      expect(seen.at(-1)).toBe(expected)
      const left =
        decision === 'delete' ? undefined : decision === 'set' ? Number(expected ?? 0) + 1 : expected
      expect(await store.get('k')).toBe(left)
    }
  })

  test('and a new expiry counts as a change', async ({ store, open }) => {
    await store.update('k', increment)
    await open().touch('k', { ttl: 60_000 })
    const entry = await store.update('k', increment)
    expect(entry?.expireTime).toBeGreaterThan(Date.now())
    expect((await store.getEntry('k'))?.expireTime).toBe(entry?.expireTime)
  })

  test('and each call gets a value of its own', async ({ store }) => {
    await store.update('k', () => ({ set: { list: [1] } }))
    await store.update('k', (entry) => {
      const value = entry?.value as { list: number[] }
      value.list.push(2)
      return { set: 'x'.repeat(200_000) }
    })
    await store.update('k', () => ({ set: { list: [1] } }))
    const entry = await store.update('k', (entry) => ({ set: entry?.value }))
    expect(entry?.value).toEqual({ list: [1] })
  })

  test('and tells a time by which nothing can be done too early', async ({ store, client }) => {
    const times: number[] = []
    for (let i = 0; i < 50; i++) {
      const [seconds, microseconds] = (await client.sendCommand(['TIME'])) as unknown as string[]
      const before = Number(seconds) * 1_000 + Number(microseconds) / 1_000
      await store.update('k', (_, now) => {
        times[i] = now - before
        return { set: i }
      })
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(-CLOCK_LAG - 1)
  })
})
