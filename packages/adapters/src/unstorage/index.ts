export type { StoreSource } from '../store/open-store.ts'
export { diskcacheDriver } from './diskcache-driver.ts'
export type { DiskcacheDriverOptions } from './driver-options.ts'
