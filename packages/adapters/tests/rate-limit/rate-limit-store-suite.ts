import { describe, expect } from 'vitest'
import { RateLimitStore } from '../../src/rate-limit/rate-limit-store.ts'
import { type Engine, limitTest, PATIENT } from './limit-test.ts'

/** What express-rate-limit asks of a store. */
export function rateLimitStoreSuite(engine: Engine): void {
  const test = limitTest(engine).extend<{ limit: RateLimitStore }>({
    limit: async ({ store }, use) => {
      const limit = new RateLimitStore(store, PATIENT)
      limit.init({ windowMs: 1_000 })
      await use(limit)
    },
  })

  describe(`RateLimitStore over ${engine.name}`, () => {
    test('RateLimitStore.increment() counts in a window that begins with the first hit, and expires with it', async ({
      store,
      limit,
      advance,
    }) => {
      advance(0)
      const resetTime = new Date(Date.now() + 1_000)
      expect(await limit.increment('ada')).toEqual({ totalHits: 1, resetTime })
      advance(600)
      expect(await limit.increment('ada')).toEqual({ totalHits: 2, resetTime })
      expect((await limit.increment('grace')).totalHits).toBe(1)
      advance(399)
      expect(await limit.get('ada')).toEqual({ totalHits: 2, resetTime })
      expect(await store.get('rate-limit:ada')).toBe(2)
      advance(1)
      expect(await limit.get('ada')).toBeUndefined()
      expect(await store.has('rate-limit:ada')).toBe(false)
      const later = new Date(Date.now() + 1_000)
      expect(await limit.increment('ada')).toEqual({ totalHits: 1, resetTime: later })
    })

    test('RateLimitStore.increment() loses no hit of many at once', async ({ store, limit }) => {
      const other = new RateLimitStore(store, PATIENT)
      for (const each of [limit, other]) each.init({ windowMs: 3_600_000 })
      const hits = Array.from({ length: 40 }, (_, i) => (i % 2 ? limit : other).increment('ada'))
      const totals = (await Promise.all(hits)).map(({ totalHits }) => totalHits)
      expect(totals.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    })

    test('RateLimitStore.decrement() takes a hit back, never below zero, and lets no window begin', async ({
      limit,
      advance,
    }) => {
      advance(0)
      await limit.decrement('ada')
      expect(await limit.get('ada')).toBeUndefined()
      const { resetTime } = await limit.increment('ada')
      advance(10)
      for (let i = 0; i < 3; i++) await limit.decrement('ada')
      expect(await limit.get('ada')).toEqual({ totalHits: 0, resetTime })
    })

    test('RateLimitStore.resetKey() and resetAll() forget clients of their prefix alone', async ({
      store,
      limit,
    }) => {
      const logins = new RateLimitStore(store, { prefix: 'login-limit:', ...PATIENT })
      for (const key of ['a', 'b', 'c:__proto__', 'ö', '']) await limit.increment(key)
      await logins.increment('a')
      await store.set('rate-limit', 'of the application')
      await limit.resetKey('a')
      await limit.resetKey('never seen')
      expect(await limit.get('a')).toBeUndefined()
      expect((await limit.get('b'))?.totalHits).toBe(1)
      await limit.resetAll()
      for (const key of ['b', 'c:__proto__', 'ö', '']) expect(await limit.get(key)).toBeUndefined()
      expect((await logins.get('a'))?.totalHits).toBe(1)
      expect(await store.get('rate-limit')).toBe('of the application')
    })
  })
}
