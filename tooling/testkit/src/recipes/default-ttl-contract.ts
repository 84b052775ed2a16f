import { describe, expect } from 'vitest'
import type { OpenAsyncStore } from '../async-store-test.ts'
import { getOrSetTest } from './get-or-set/get-or-set-test.ts'
import { settled } from './get-or-set/kept-value.ts'
import type { Recipes } from './recipes.ts'

/** The time to live of writes that give none, in milliseconds. */
const TTL = 1_000

/** Tests that recipes do what they promise on a store that gives a time to live to writes without one. */
export function defaultTtlContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const test = getOrSetTest(open)
  const { Averager, BoundedSemaphore, getFenced, getOrSet, Lock, RLock, setIfNewer, TokenBucket } = recipes

  describe(`${name}, a store with a ttl`, () => {
    test('lets no row expire of what is held, counted or limited', async ({ reopen, clock }) => {
      const store = reopen({ ttl: TTL })
      const lease = { lease: 60_000 }
      const holds = [
        await new Lock(store, 'lock', lease).acquire(),
        await new RLock(store, 'rlock', lease).acquire(),
        await new BoundedSemaphore(store, 'semaphore', 1, lease).acquire(),
      ]
      await new TokenBucket(store, { name: 'bucket', count: 1, per: 60_000 }).tryTake()
      await new Averager(store, 'averager').add(4)
      await setIfNewer(store, 'fenced', 'value', 7)
      clock.advance(TTL * 10)
      expect(await new Lock(store, 'lock', lease).tryAcquire()).toBeUndefined()
      expect(await new BoundedSemaphore(store, 'semaphore', 1, lease).tryAcquire()).toBeUndefined()
      const bucket = new TokenBucket(store, { name: 'bucket', count: 1, per: 60_000 })
      expect((await bucket.tryTake()).ok).toBe(false)
      expect(await new Averager(store, 'averager').get()).toBe(4)
      expect(await getFenced(store, 'fenced')).toEqual({ value: 'value', token: 7 })
      for (const hold of holds) await hold.release()
    })

    test('has its ttl given to what is computed without one', async ({ reopen, clock }) => {
      const store = reopen({ ttl: TTL })
      let calls = 0
      const get = (ttl?: number) => getOrSet(store, 'k', () => ++calls, { beta: 0, ...(ttl && { ttl }) })
      expect([await get(), await get()]).toEqual([1, 1])
      clock.advance(TTL)
      expect([await get(Infinity), await get()]).toEqual([2, 2])
      clock.advance(TTL)
      expect(await get()).toBe(2)
    })

    test('has what is stale served after its ttl', async ({ reopen, clock }) => {
      const store = reopen({ ttl: TTL })
      const get = (value: string) => getOrSet(store, 'k', () => value, { beta: 0, staleFor: 60_000 })
      await get('old')
      clock.advance(TTL * 2)
      expect(await get('new')).toBe('old')
      await settled(store, 'new')
      expect(await get('newer')).toBe('new')
    })
  })

  describe(`${name}: getOrSet()`, () => {
    test('draws a ttl from a range for each value, and never outside it', async ({ store, clock }) => {
      const range = { min: 10_000, max: 20_000 }
      const keys = Array.from({ length: 40 }, (_, i) => i)
      const get = (key: number, value: string) => getOrSet(store, key, () => value, { ttl: range, beta: 0 })
      const all = (value: string) => Promise.all(keys.map((key) => get(key, value)))
      await all('first')
      clock.advance(range.min - 1)
      expect(new Set(await all('second'))).toEqual(new Set(['first']))
      clock.advance(5_001)
      // All on one side of the middle: once in five hundred billion runs.
      expect(new Set(await all('second'))).toEqual(new Set(['first', 'second']))
      clock.advance(range.max)
      expect(new Set(await all('third'))).toEqual(new Set(['third']))
    })
  })
}
