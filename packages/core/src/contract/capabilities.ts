/** Says, as data, in what implementations of `Store` differ. */
export interface Capabilities {
  /** Whether `getMany` and the like see one moment of the whole store, and `setMany` and the like are one transaction. */
  readonly snapshot: boolean
  /** Whether `transact` is all or nothing, also under `kill -9`. */
  readonly atomicTransact: boolean
  /** The orders that iteration can follow, the default first. Without one, entries come in an order of the engine's own. */
  readonly orders: readonly ('insertion' | 'sorted')[]
  /**
   * What a synchronous operation does when other processes keep the lock for longer than `timeout`: `'throw'` throws
   * `ERR_DISKCACHE_TIMEOUT`; `'drop'` gives the operation up, counts it in `stats().dropped`, and throws only where the
   * result could not say so.
   */
  readonly onBusy: 'throw' | 'drop'
}

/** Says, as data, in what implementations of `AsyncStore` differ. */
export interface AsyncCapabilities extends Capabilities {
  /** Whether there is `transact`, which runs a synchronous body as one transaction. */
  readonly transact: boolean
  /** Whether `read` and `write` move values in pieces, in memory that does not grow with them. */
  readonly streams: boolean
  /** Whether there is `waitFor`, which tells of changes by any process. */
  readonly watch: boolean
  /**
   * By how many milliseconds the time that the callback of `update` is told may be before that when `update` was
   * called; 0 unless given. It is never after the time when the change takes effect.
   */
  readonly clockLag?: number
}
