/** Where implementations of one interface differ, as data. */
export interface Capabilities {
  /** Whether `getMany` and its kin see one moment of the whole store. */
  readonly snapshot: boolean
  /** Whether `transact` is all or nothing, also under `kill -9`. */
  readonly atomicTransact: boolean
  /** The orders that iteration can follow, the default first; with none of them, the order is the engine's own. */
  readonly orders: readonly ('insertion' | 'sorted')[]
  /** What a synchronous operation does when the lock cannot be had in time: throw `ERR_DISKCACHE_TIMEOUT`, or nothing. */
  readonly onBusy: 'throw' | 'drop'
}

/** Where implementations of `AsyncStore` differ, as data. */
export interface AsyncCapabilities extends Capabilities {
  /** Whether a synchronous body can run as one transaction. */
  readonly transact: boolean
  /** Whether `read` and `write` move values as streams. */
  readonly streams: boolean
  /** How many tags an entry can have. */
  readonly tags: 'one' | 'many'
  /** Whether `waitFor` is there. */
  readonly watch: boolean
}
