export type { StoreSource } from '../store/open-store.ts'
export { type BentocacheDriverOptions, diskcacheDriver } from './diskcache-driver.ts'
export type { StoredLayer } from './stored-layer.ts'
