export type { StoreSource } from '../store/open-store.ts'
export { VerrouStore, type VerrouStoreOptions } from './verrou-store.ts'
