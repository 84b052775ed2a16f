export {
  type AnyStore,
  type Hold,
  type LeaseOptions,
  type PatienceOptions,
  type RecipeStore,
  type StoreHealth,
  type StoreStatus,
  storeHealth,
  type WaitOptions,
} from '@diskcache/core'
export { Averager } from './averager.ts'
export type { GetOrSetOptions } from './computing/compute-options.ts'
export { getOrSet } from './computing/get-or-set.ts'
export {
  type MemoizedStampede,
  type MemoizeStampedeOptions,
  memoizeStampede,
} from './computing/memoize-stampede.ts'
export {
  type PeriodCount,
  type PeriodRange,
  RollingCounter,
  type RollingCounterOptions,
} from './counting/rolling-counter.ts'
export { BloomFilter } from './filters/bloom-filter.ts'
export type { BloomFilterOptions } from './filters/bloom-filter-options.ts'
export { type BarrierOptions, barrier, type Guard } from './locks/barrier.ts'
export { BoundedSemaphore } from './locks/bounded-semaphore.ts'
export { type FencedValue, getFenced, setIfNewer } from './locks/fenced.ts'
export { Lock } from './locks/lock.ts'
export { type ReentrantWaitOptions, RLock } from './locks/rlock.ts'
export { type Skipping, type ThrottleOptions, throttle, type Waiting } from './rates/throttle.ts'
export { type RateOptions, type TakeResult, TokenBucket } from './rates/token-bucket.ts'
