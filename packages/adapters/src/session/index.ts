export type { StoreSource } from '../store/open-store.ts'
export { SessionStore, type SessionStoreOptions } from './session-store.ts'
