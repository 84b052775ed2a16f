import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Recipes } from './recipes.ts'

const TIMEOUT = { code: 'ERR_DISKCACHE_LOCK_TIMEOUT' }

/** What `TokenBucket`, `throttle` and `barrier` do on any engine. */
export function throttleContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const { TokenBucket, throttle, barrier, RLock, BoundedSemaphore } = recipes
  const test = asyncStoreTest(open)
  const rate = { name: 'b', count: 3, per: 300 }

  describe(`${name}: TokenBucket`, () => {
    test('TokenBucket.tryTake() gives so many, and again as time goes by', async ({ store, clock }) => {
      const bucket = new TokenBucket(store, rate)
      const begin = clock.time
      expect(await bucket.tryTake()).toEqual({ ok: true, remaining: 2, resetAt: begin + 100 })
      expect(await bucket.tryTake()).toEqual({ ok: true, remaining: 1, resetAt: begin + 200 })
      expect(await bucket.tryTake()).toEqual({ ok: true, remaining: 0, resetAt: begin + 300 })
      expect(await bucket.tryTake()).toEqual({ ok: false, remaining: 0, resetAt: begin + 300 })
      clock.advance(99)
      expect((await bucket.tryTake()).ok).toBe(false)
      clock.advance(1)
      expect((await bucket.tryTake()).ok).toBe(true)
      expect((await bucket.tryTake()).ok).toBe(false)
    })

    test('a process that joins does not fill it', async ({ store, reopen }) => {
      const takes = [store, reopen(), reopen(), reopen()].map((store) =>
        new TokenBucket(store, rate).tryTake(),
      )
      expect((await Promise.all(takes)).filter(({ ok }) => ok)).toHaveLength(3)
    })

    test('gives count in per from a full bucket, and count per per thereafter, whatever the fractions', async ({
      store,
      clock,
    }) => {
      const bucket = new TokenBucket(store, { name: 'b', count: 7, per: 1_000 })
      let taken = 0
      for (let time = 0; time < 3_000; time += 13) {
        while ((await bucket.tryTake()).ok) taken++
        expect(taken).toBe(7 + Math.floor((time * 7) / 1_000 + 1e-9))
        clock.advance(13)
      }
    })

    test('a full bucket has no row', async ({ store, clock }) => {
      const bucket = new TokenBucket(store, rate)
      await bucket.tryTake()
      clock.advance(99)
      expect(await Array.fromAsync(store.keys())).toHaveLength(1)
      clock.advance(1)
      expect(await Array.fromAsync(store.keys())).toHaveLength(0)
    })

    test('a clock that is behind fills nothing twice, and one that is set back does not empty it for long', async ({
      store,
      clock,
    }) => {
      const bucket = new TokenBucket(store, rate)
      for (let i = 0; i < 3; i++) await bucket.tryTake()
      for (let i = 0; i < 10; i++) {
        clock.advance(-90)
        expect((await bucket.tryTake()).ok).toBe(false)
        clock.advance(90)
        expect((await bucket.tryTake()).ok).toBe(false)
      }
      clock.advance(-3_600_000)
      await bucket.tryTake()
      clock.advance(100)
      expect((await bucket.tryTake()).ok).toBe(true)
    })

    test('keys and names are told apart', async ({ store }) => {
      const one = { ...rate, count: 1 }
      const bucket = new TokenBucket(store, one)
      for (const key of ['a', 'b', null, 1, ['b'], undefined])
        expect((await bucket.tryTake(key as never)).ok).toBe(true)
      expect((await bucket.tryTake('a')).ok).toBe(false)
      expect((await new TokenBucket(store, { ...one, name: 'c' }).tryTake('a')).ok).toBe(true)
    })

    test('TokenBucket.take() waits in line', async ({ store, clock }) => {
      const rate = { name: 'b', count: 1, per: 20 }
      const order: number[] = []
      const takes = Array.from({ length: 4 }, async (_, i) => {
        await new TokenBucket(store, rate).take('k')
        order.push(i)
      })
      for (let i = 0; i < 4; i++) {
        while (order.length <= i) await delay(1)
        await delay(30)
        expect(order).toHaveLength(i + 1)
        clock.advance(20)
      }
      await Promise.all(takes)
      expect(order).toEqual([0, 1, 2, 3])
    })

    test('TokenBucket.take() gives up, and takes nothing', async ({ store, clock }) => {
      const bucket = new TokenBucket(store, { name: 'b', count: 1, per: 20 })
      await bucket.take()
      const reason = new Error('enough')
      const controller = new AbortController()
      const takes = Promise.allSettled([
        bucket.take(undefined, { timeout: 10 }),
        bucket.take(undefined, { signal: controller.signal }),
        bucket.take(undefined, { signal: controller.signal, timeout: 60_000 }),
      ])
      await delay(30)
      controller.abort(reason)
      expect(await takes).toMatchObject([{ reason: TIMEOUT }, { reason }, { reason }])
      clock.advance(20)
      expect((await bucket.tryTake()).ok).toBe(true)
    })
  })

  describe(`${name}: throttle()`, () => {
    test('calls the function with this and arguments, so often at most', async ({ store, reopen, clock }) => {
      const calls: unknown[] = []
      const object = { factor: 2 }
      function multiply(this: typeof object, n: number) {
        calls.push(n)
        return n * this.factor
      }
      const [here, there] = [store, reopen()].map((store) =>
        throttle(store, multiply, { ...rate, count: 2, per: 20 }),
      )
      expect(await here?.call(object, 1)).toBe(2)
      expect(await there?.call(object, 2)).toBe(4)
      const third = here?.call(object, 3)
      await delay(30)
      expect(calls).toEqual([1, 2])
      clock.advance(10)
      expect(await third).toBe(6)
    })

    test('gives up after a timeout, without a call', async ({ store }) => {
      let calls = 0
      const slow = throttle(store, async () => ++calls, { ...rate, count: 1, timeout: 20 })
      await slow()
      await expect(slow()).rejects.toMatchObject(TIMEOUT)
      expect(calls).toBe(1)
    })
  })

  describe(`${name}: barrier()`, () => {
    test('runs the function once at a time, with this and arguments', async ({ store, reopen }) => {
      let inside = 0
      const object = { factor: 2 }
      async function multiply(this: typeof object, n: number) {
        expect(++inside).toBe(1)
        await delay(1)
        inside--
        return n * this.factor
      }
      const guarded = [store, reopen()].map((store) => barrier(store, multiply, { name: 'multiply' }))
      const results = Array.from({ length: 10 }, (_, i) => guarded[i % 2]?.call(object, i))
      expect(await Promise.all(results)).toEqual(Array.from({ length: 10 }, (_, i) => 2 * i))
    })

    test('goes under any lock, beside a throttle of the same name', async ({ store }) => {
      const factorial = barrier(
        store,
        async (n: number): Promise<number> => (n < 2 ? 1 : n * (await factorial(n - 1))),
        { name: 'f', lock: (store, key) => new RLock(store, key), timeout: 1_000 },
      )
      expect(await factorial(5)).toBe(120)
      const both = throttle(
        store,
        barrier(store, (n: number) => n, {
          name: 'b',
          lock: (store, key) => new BoundedSemaphore(store, key, 2),
        }),
        rate,
      )
      expect(await both(1)).toBe(1)
    })

    test('gives up after a timeout, and passes errors on', async ({ store }) => {
      const over = Promise.withResolvers<void>()
      const slow = barrier(store, () => over.promise, { name: 'slow', timeout: 20 })
      const first = slow()
      await expect(slow()).rejects.toMatchObject(TIMEOUT)
      const error = new Error('failed')
      over.reject(error)
      await expect(first).rejects.toBe(error)
    })
  })
}
