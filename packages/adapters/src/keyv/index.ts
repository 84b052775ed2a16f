export type { StoreSource } from '../store/open-store.ts'
export { type CreateKeyvOptions, createKeyv } from './create-keyv.ts'
export { KeyvStore, type KeyvStoreEntry } from './keyv-store.ts'
export { KeyvStore6, type KeyvStoreEntry6 } from './keyv-store-6.ts'
