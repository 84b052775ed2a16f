import type { Readable } from 'node:stream'
import type { AsyncStore } from './async-store.ts'
import type { Capabilities } from './capabilities.ts'
import type { Change, CounterOptions, Entry, Key, Tag, WriteOptions } from './entry.ts'
import type { Memoized, MemoizeOptions } from './memoized.ts'
import type { ByteSource, IterateOptions, Stats } from './operation-options.ts'
import type { Problem } from './problem.ts'

/**
 * A store of entries, shared by every process that opens the same directory. All methods are synchronous, except
 * `write`. A method that has to wait for another process's write blocks the caller for at most `timeout`, then
 * throws `ERR_DISKCACHE_TIMEOUT` (or drops the operation, see {@link Capabilities}).
 */
export interface Store<K extends Key = Key, V = unknown> extends Disposable, Iterable<[K, V]> {
  readonly directory: string
  /** Number of rows, expired ones included. O(1). */
  readonly size: number
  readonly capabilities: Capabilities
  /** The same operations as promises, for servers. */
  readonly promises: AsyncStore<K, V>

  /** The live value, or `undefined`. */
  get(key: K): V | undefined
  /** Like `get`, with expiry and tags; tells a stored `undefined` from a miss. */
  getEntry(key: K): Entry<V> | undefined
  getMany(keys: Iterable<K>): (V | undefined)[]
  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[]
  has(key: K): boolean
  hasMany(keys: Iterable<K>): boolean[]

  /** Stores a value; `false` when it was not stored, being larger than the size limit. */
  set(key: K, value: V, options?: WriteOptions): boolean
  /** Stores many in one transaction; `options` are the defaults of each. */
  setMany(entries: Iterable<readonly [K, V, WriteOptions?]>, options?: WriteOptions): boolean[]
  /** Stores a value only if the key is absent or expired. Of several processes exactly one gets `true`. */
  add(key: K, value: V, options?: WriteOptions): boolean
  /**
   * Reads, computes and writes as one atomic step, and gives the entry as it is afterwards. `change` is synchronous
   * and pure: an engine may run it more than once. `now` is the engine's clock in epoch milliseconds.
   */
  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined
  /** Adds to a number atomically. The options apply when the row is created; a live row keeps its own. */
  incr(key: K, delta?: number, options?: CounterOptions): number
  decr(key: K, delta?: number, options?: CounterOptions): number
  /** Gives a live entry a new time to live; `Infinity` removes its expiry. */
  touch(key: K, options: { ttl: number }): boolean
  /** Removes the entry; whether a live one was there. */
  delete(key: K): boolean
  deleteMany(keys: Iterable<K>): boolean[]
  /** Removes the entry and gives its value, in one step. */
  pop(key: K): V | undefined
  popEntry(key: K): Entry<V> | undefined

  /** The bytes of a value as a stream. Its file is opened at once, so a later replacement does not matter. */
  read(key: K): Readable | undefined
  /** Stores the bytes of a stream, in constant memory; `false` when they are more than the size limit. */
  write(key: K, source: ByteSource, options?: WriteOptions): Promise<boolean>

  keys(options?: IterateOptions): IteratorObject<K>
  values(options?: IterateOptions): IteratorObject<V>
  entries(options?: IterateOptions): IteratorObject<[K, V]>

  /** Runs a synchronous body as one transaction; nested calls are savepoints. */
  transact<T>(body: () => T): T
  memoize<A extends readonly unknown[], R>(fn: (...args: A) => R, options: MemoizeOptions<A>): Memoized<A, R>

  /** Removes all entries with this tag. */
  evict(tag: Tag): number
  /** Removes all expired entries. */
  expire(): number
  /** Removes expired entries, then others by the eviction policy, until the volume is within the size limit. */
  cull(): number
  clear(options?: { prefix?: string | undefined }): number
  /** Compares database and files; with `fix`, mends what it finds. */
  check(options?: { fix?: boolean | undefined }): Problem[]
  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined }): Stats
  /** Database pages in use and value files, in bytes; the write-ahead log is not counted. */
  volume(): number
  /** Idempotent; later use throws `ERR_DISKCACHE_CLOSED`. */
  close(): void
}
