export { FakeClock } from './fake-clock.ts'
export { storeContract } from './store-contract.ts'
export { storeModel } from './store-model.ts'
export { type OpenOptions, type OpenStore, type SyncStore, storeTest } from './store-test.ts'
