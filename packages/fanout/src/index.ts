export type { AsyncFanoutCache } from './async-fanout-cache.ts'
export { FanoutCache } from './fanout-cache.ts'
export type { FanoutOptions } from './fanout-options.ts'
export type { SubStoreKind } from './sub-store.ts'
