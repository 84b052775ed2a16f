export {
  type Frozen,
  type GetOptions,
  type MemoryOptions,
  type MemoryStats,
  type NamespaceOptions,
  type PromisesNamespace,
  type ShareValues,
  type StoreHealth,
  type StoreStatus,
  type StreamedEntry,
  type StreamWriteOptions,
  storeHealth,
} from '@diskcache/core'
export type { AsyncFanoutCache } from './async-fanout-cache.ts'
export { FanoutCache } from './fanout-cache.ts'
export type { FanoutNamespace } from './fanout-namespace.ts'
export type { FanoutOptions } from './fanout-options.ts'
export type { SubStoreKind } from './sub-store.ts'
