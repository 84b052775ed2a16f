import { MemoryStore } from '@diskcache/testkit/memory'
import { expectTypeOf, test } from 'vitest'
import { barrier, getOrSet, memoizeStampede, throttle } from './index.ts'

test('throttle(), barrier() and memoizeStampede() preserve types', () => {
  const store = new MemoryStore()
  const sync = (a: number, b?: string) => a + String(b)
  const slow = async (a: { id: number }) => a.id
  function method(this: { factor: number }, n: number) {
    return n * this.factor
  }
  const rate = { name: 'f', count: 1, per: 1 }

  const throttled = throttle(store, sync, rate)
  expectTypeOf(throttled).parameters.toEqualTypeOf<[a: number, b?: string | undefined]>()
  expectTypeOf(throttled).returns.toEqualTypeOf<Promise<string>>()
  expectTypeOf(throttled.original).toEqualTypeOf(sync)

  const skipping = throttle(store, sync, { ...rate, overflow: 'skip' })
  expectTypeOf(skipping).returns.toEqualTypeOf<Promise<string | undefined>>()
  expectTypeOf(throttle(store, sync, { ...rate, overflow: 'wait' })).toEqualTypeOf(throttled)
  // @ts-expect-error: there is no such way
  if (Math.random() > 1) throttle(store, sync, { ...rate, overflow: 'drop' })

  expectTypeOf(barrier(store, slow, rate.name ? { name: 'f' } : { name: 'g' })).returns.toEqualTypeOf<
    Promise<number>
  >()
  expectTypeOf(barrier(store, method, { name: 'm' })).thisParameter.toEqualTypeOf<{ factor: number }>()

  const memoized = memoizeStampede(store, slow, { name: 'f', key: ({ id }) => id })
  expectTypeOf(memoized).returns.toEqualTypeOf<Promise<number>>()
  expectTypeOf(memoized.forget).toEqualTypeOf<(a: { id: number }) => Promise<boolean>>()

  expectTypeOf(getOrSet(store, 'k', async () => 1)).toEqualTypeOf<Promise<number>>()
  const decisions = {
    ttl: (value: number) => value,
    keep: (value: number | null) => value !== null,
    failureTtl: (error: unknown) => (error instanceof TypeError ? 1 : 0),
  }
  expectTypeOf(getOrSet(store, 'k', async () => 1, decisions)).toEqualTypeOf<Promise<number>>()
  const unfolded = memoizeStampede(store, slow, { name: 'f', key: ({ id }) => id, ...decisions })
  expectTypeOf(unfolded).toEqualTypeOf(memoized)
  // @ts-expect-error: ttl is not asynchronous
  if (Math.random() > 1) memoizeStampede(store, slow, { name: 'f', ttl: async (value) => value })
  // @ts-expect-error: keep says yes or no
  if (Math.random() > 1) getOrSet(store, 'k', async () => 1, { keep: (value) => value })
})
