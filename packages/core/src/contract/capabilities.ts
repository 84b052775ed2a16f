/** Where implementations of one interface differ, as data. */
export interface Capabilities {
  /** `getMany` and its kin see one moment of the whole store. */
  readonly snapshot: boolean
  /** `transact` is all or nothing, also under `kill -9`. */
  readonly atomicTransact: boolean
  /** Iteration can follow the order of insertion. */
  readonly insertionOrder: boolean
  /** What a synchronous operation does when the lock cannot be had in time. */
  readonly onBusy: 'throw' | 'drop'
}

export interface AsyncCapabilities extends Capabilities {
  /** The orders that iteration can follow. */
  readonly order: 'none' | 'insertion' | 'sorted'
  /** Whether a synchronous body can run as one transaction. */
  readonly transact: boolean
  readonly streams: boolean
  readonly tags: 'one' | 'many'
  /** Whether `waitFor` is there. */
  readonly watch: boolean
}
