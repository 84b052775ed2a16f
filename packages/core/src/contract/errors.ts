/**
 * The stable reason of a {@link DiskCacheError}. Match on `error.code`, never on the message or the class: the ESM and the
 * CommonJS build of this package have a class each.
 *
 * - `ERR_DISKCACHE_TIMEOUT`: other processes kept the database locked for longer than `timeout`, or a server did not
 *   answer in time, or the store took longer than `storeTimeout`.
 * - `ERR_DISKCACHE_UNAVAILABLE`: the store was found to be away, or to be busy, and was not asked; a recipe or an adapter
 *   says so at once instead of waiting for it. `cause` is why.
 * - `ERR_DISKCACHE_CLOSED`: the store was used after `close()`.
 * - `ERR_DISKCACHE_CORRUPT`: the database or an encoded value is damaged.
 * - `ERR_DISKCACHE_FOREIGN_VALUE`: Python pickled the value, or something else has stored one where a recipe keeps its
 *   row; the error carries its `key`.
 * - `ERR_DISKCACHE_UNSUPPORTED_VALUE`: the value cannot be kept; the message names the path to the part that cannot.
 * - `ERR_DISKCACHE_FORMAT`: the directory was not written by this software, or by a newer version of it, or with another
 *   codec or illegal settings. Of a single value, such as an instance of a class that is unknown here, the error carries
 *   the `key`.
 * - `ERR_DISKCACHE_FULL`: the disk, the quota or the memory of a server is full, or a file may not grow any more.
 * - `ERR_DISKCACHE_IO`: the operating system refused or failed to open, read, write, lock or remove a file; the error
 *   carries its `path` where that is known, and `cause` has the code of the operating system or of SQLite. What is
 *   stored is not thereby damaged, and the store can be used again once the reason is gone.
 * - `ERR_DISKCACHE_TOO_LARGE`: the value is larger than the store accepts, and no return value could say so.
 * - `ERR_DISKCACHE_KEY_MISSING`: `incr` or `decr` with `initial: null` found no number to change.
 * - `ERR_DISKCACHE_REENTRANT`: the store was used inside the callback of `update`, or a recipe inside `transact`; or the
 *   store would have to wait for another one of this process that is inside `transact` or `update` itself.
 * - `ERR_DISKCACHE_READONLY`: a write reached a store that was opened with `readonly`, or a store was opened without
 *   `readonly` where this user may only read.
 * - `ERR_DISKCACHE_LOCK_LOST`: a lock was lost before it was released.
 * - `ERR_DISKCACHE_LOCK_TIMEOUT`: a lock, a place in a semaphore, a token or a value that others compute did not come in
 *   time.
 * - `ERR_DISKCACHE_SHARDS`: a sharded store was opened with another number of shards than it has.
 * - `ERR_DISKCACHE_UNSAFE`: others may change the directory, and the option `onUnsafe` is `'throw'`.
 * - `ERR_DISKCACHE_ENGINE`: SQLite, or a server, cannot be used here or failed; `cause` says why.
 */
export type DiskCacheErrorCode =
  | 'ERR_DISKCACHE_TIMEOUT'
  | 'ERR_DISKCACHE_UNAVAILABLE'
  | 'ERR_DISKCACHE_CLOSED'
  | 'ERR_DISKCACHE_CORRUPT'
  | 'ERR_DISKCACHE_FOREIGN_VALUE'
  | 'ERR_DISKCACHE_UNSUPPORTED_VALUE'
  | 'ERR_DISKCACHE_FORMAT'
  | 'ERR_DISKCACHE_FULL'
  | 'ERR_DISKCACHE_IO'
  | 'ERR_DISKCACHE_TOO_LARGE'
  | 'ERR_DISKCACHE_KEY_MISSING'
  | 'ERR_DISKCACHE_REENTRANT'
  | 'ERR_DISKCACHE_READONLY'
  | 'ERR_DISKCACHE_LOCK_LOST'
  | 'ERR_DISKCACHE_LOCK_TIMEOUT'
  | 'ERR_DISKCACHE_SHARDS'
  | 'ERR_DISKCACHE_UNSAFE'
  | 'ERR_DISKCACHE_ENGINE'

/** What a {@link DiskCacheError} carries beside its code and message. */
export interface DiskCacheErrorOptions extends ErrorOptions {
  /** The key that the failed operation was about. */
  key?: unknown
  /** How many entries the operation had removed, or was done with, before it failed. */
  count?: number
  /** The file or directory that the operating system failed at. */
  path?: string
  /** The name of the codec that a directory was written with, where it is another one. */
  codec?: string
}

/** A failure that a caller may want to handle. Misuse throws `TypeError` or `RangeError` instead. */
export class DiskCacheError extends Error {
  /** The stable reason, to match on. */
  readonly code: DiskCacheErrorCode
  /** The key that the failed operation was about, where there is one. */
  declare readonly key?: unknown
  /**
   * The number of entries that a removal of many had removed before it failed; of `setMany` and `deleteMany` in slices,
   * how many of the given ones, from the first, it was done with.
   */
  declare readonly count?: number
  /** The file or directory that the operating system failed at, where it is known. */
  declare readonly path?: string
  /** The name of the codec that a directory was written with, where it is another one than that of the `disk` given. */
  declare readonly codec?: string

  /** Makes an error with a code, a message, and perhaps a `cause`. */
  constructor(code: DiskCacheErrorCode, message: string, options: DiskCacheErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    if ('key' in options) this.key = options.key
    if (options.count !== undefined) this.count = options.count
    if (options.path !== undefined) this.path = options.path
    if (options.codec !== undefined) this.codec = options.codec
  }
}

// Not within the class: bundlers give a class that names itself another name, which logs would show.
Object.defineProperty(DiskCacheError.prototype, 'name', { value: 'DiskCacheError', configurable: true })

/** Returns whether `error` is a {@link DiskCacheError} with this code, whichever copy of the package made it. */
export function hasCode(error: unknown, code: DiskCacheErrorCode): boolean {
  return error instanceof Error && (error as Partial<DiskCacheError>).code === code
}

/**
 * Returns a {@link DiskCacheError} that tells more, with the given one as its cause; any other error as it is. What the
 * error tells already stays.
 */
export function withDetails(error: unknown, details: Pick<DiskCacheErrorOptions, 'key' | 'count'>): unknown {
  if (!(error instanceof DiskCacheError)) return error
  return new DiskCacheError(error.code, error.message, { ...details, ...error, cause: error })
}

/** Makes the error of an operation whose result cannot say that nothing was stored. */
export function tooLargeError(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_TOO_LARGE',
    'Cannot store the value: it is larger than the size limit',
  )
}

/** Makes the error of a write to a store that was opened with `readonly`. */
export function readonlyError(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_READONLY',
    'Cannot write: the cache was opened with readonly; open it without that option to write',
  )
}
