/**
 * The stable reason of a {@link DiskCacheError}. Match on `error.code`, never on the message or the class:
 * the ESM and the CommonJS build of this package have a class each.
 */
export type DiskCacheErrorCode =
  /** The database stayed locked by others for longer than `timeout`. */
  | 'ERR_DISKCACHE_TIMEOUT'
  /** The store was used after `close()`. */
  | 'ERR_DISKCACHE_CLOSED'
  /** The database or an encoded value is damaged. */
  | 'ERR_DISKCACHE_CORRUPT'
  /** The value was pickled by Python; the error carries `key`. */
  | 'ERR_DISKCACHE_FOREIGN_VALUE'
  /** The value cannot be kept; the message names the path inside it. */
  | 'ERR_DISKCACHE_UNSUPPORTED_VALUE'
  /** The directory was not written by this software, by a newer version of it, or with other codecs or settings. */
  | 'ERR_DISKCACHE_FORMAT'
  /** The disk is full. */
  | 'ERR_DISKCACHE_FULL'
  /** The value is larger than the store accepts, where no return value could say so. */
  | 'ERR_DISKCACHE_TOO_LARGE'
  /** `incr` or `decr` with `initial: null` found no number to change. */
  | 'ERR_DISKCACHE_KEY_MISSING'
  /** The store was used inside the callback of `update`. */
  | 'ERR_DISKCACHE_REENTRANT'
  /** A write reached a store that was opened with `readonly`. */
  | 'ERR_DISKCACHE_READONLY'
  /** A lock was lost before it was released. */
  | 'ERR_DISKCACHE_LOCK_LOST'
  /** A lock, a place in a semaphore, a token or a value that others compute was waited for in vain. */
  | 'ERR_DISKCACHE_LOCK_TIMEOUT'
  /** A sharded store was opened with another number of shards. */
  | 'ERR_DISKCACHE_SHARDS'
  /** SQLite cannot be loaded here, or failed; see `cause`. */
  | 'ERR_DISKCACHE_ENGINE'

export interface DiskCacheErrorOptions extends ErrorOptions {
  /** The key that the failed operation was about. */
  key?: unknown
  /** How many entries the operation had removed before it failed. */
  count?: number
}

/** A failure that a caller may want to handle. Misuse throws `TypeError` or `RangeError` instead. */
export class DiskCacheError extends Error {
  readonly code: DiskCacheErrorCode
  declare readonly key?: unknown
  declare readonly count?: number

  constructor(code: DiskCacheErrorCode, message: string, options: DiskCacheErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    if ('key' in options) this.key = options.key
    if (options.count !== undefined) this.count = options.count
  }
}

// Not within the class: bundlers give a class that names itself another name, which logs would show.
Object.defineProperty(DiskCacheError.prototype, 'name', { value: 'DiskCacheError', configurable: true })

/** Whether `error` is a {@link DiskCacheError} with this code, whichever copy of the package made it. */
export function hasCode(error: unknown, code: DiskCacheErrorCode): boolean {
  return error instanceof Error && (error as Partial<DiskCacheError>).code === code
}

/** For operations whose result cannot say that nothing was stored. */
export function tooLargeError(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_TOO_LARGE',
    'Cannot store the value: it is larger than the size limit',
  )
}
