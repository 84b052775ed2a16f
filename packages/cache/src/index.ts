export {
  type Abortable,
  type AsyncCapabilities,
  type AsyncStore,
  type ByteSource,
  type Capabilities,
  type Change,
  type Column,
  type CounterOptions,
  Disk,
  DiskCacheError,
  type DiskCacheErrorCode,
  type EncodedKey,
  type EncodedValue,
  type Entry,
  ForeignKey,
  type IterateOptions,
  JSONDisk,
  type Key,
  type KeyedEntry,
  type Memoized,
  type MemoizeOptions,
  Mode,
  type Problem,
  type QueueOptions,
  type Stats,
  type Store,
  type Tag,
  type WriteOptions,
} from '@diskcache/core'
export type {
  EvictionOrder,
  EvictionPolicy,
  NamedPolicy,
  PartialSettings,
  Settings,
} from '@diskcache/core/sqlite'
export { Cache } from './cache.ts'
export { type CacheOptions, type ResolvedCacheOptions, resolveCacheOptions } from './context/cache-options.ts'
export { Memoizer, type MemoizeStore } from './operations/memoize.ts'
export type { AsyncCache } from './promises/async-cache.ts'
