import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { expect, test } from 'vitest'
import {
  type AnyStore,
  Averager,
  BloomFilter,
  BoundedSemaphore,
  getFenced,
  getOrSet,
  Lock,
  memoizeStampede,
  RLock,
  RollingCounter,
  setIfNewer,
  TokenBucket,
} from './index.ts'

/** One use of every recipe. */
function useAll(store: AnyStore): Promise<unknown>[] {
  const bucket = new TokenBucket(store, { name: 'bucket', count: 1, per: 1_000 })
  const counter = new RollingCounter(store, { name: 'counter', period: 'day', keep: 2 })
  const filter = new BloomFilter(store, { name: 'filter', capacity: 100, errorRate: 0.01 })
  const memoized = memoizeStampede(store, () => 1, { name: 'memoized' })
  return [
    new Lock(store, 'k').acquire(),
    new Lock(store, 'k').tryAcquire(),
    new Lock(store, 'k').locked(),
    new RLock(store, 'k').run(() => {}),
    new BoundedSemaphore(store, 'k', 2).run(() => {}),
    setIfNewer(store, 'k', 1, 1),
    getFenced(store, 'k'),
    new Averager(store, 'k').add(1),
    new Averager(store, 'k').get(),
    new Averager(store, 'k').pop(),
    counter.incr(),
    counter.count(),
    counter.series(),
    counter.delete(),
    filter.add('k'),
    filter.has('k'),
    filter.size(),
    filter.clear(),
    bucket.take(),
    bucket.tryTake(),
    getOrSet(store, 'k', () => 1),
    getOrSet.forget(store, 'k'),
    memoized(),
    memoized.forget(),
  ]
}

for (const Store of [Cache, FanoutCache]) {
  test(`recipes reject with ERR_DISKCACHE_REENTRANT inside transact() of ${Store.name}`, async () => {
    using store = new Store()
    let uses: Promise<unknown>[] = []
    store.transact(() => {
      uses = useAll(store)
    })
    for (const use of uses) {
      await expect(use).rejects.toMatchObject({ code: 'ERR_DISKCACHE_REENTRANT' })
    }
    expect(await store.promises.count()).toBe(0)
  })
}
