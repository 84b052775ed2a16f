import type { Readable } from 'node:stream'
import type { AsyncStore } from './async-store.ts'
import type { Capabilities } from './capabilities.ts'
import type {
  Change,
  CounterKey,
  CounterOptions,
  Entry,
  Key,
  Synchronous,
  TagChoice,
  Ttl,
  WriteOptions,
} from './entry.ts'
import type { Memoized, MemoizeOptions } from './memoized.ts'
import type { NamespaceOptions } from './namespace-options.ts'
import type {
  ByteSource,
  GetOptions,
  IterateOptions,
  ReadOptions,
  Stats,
  StreamedEntry,
  StreamWriteOptions,
} from './operation-options.ts'
import type { Problem } from './problem.ts'

/**
 * A store of entries in a directory, shared by every process that opens it. A read sees what every process has
 * committed. A write is committed, and so there for the others, when the method returns; inside `transact`, when the
 * outermost `transact` returns.
 *
 * All methods are synchronous, except `write`. A write that meets the write of another process blocks the caller for
 * at most `timeout` milliseconds and then throws `ERR_DISKCACHE_TIMEOUT`, or drops the operation, as
 * {@link Capabilities.onBusy} says. Beyond what each method names, every method throws `ERR_DISKCACHE_CLOSED` after
 * `close()` and `ERR_DISKCACHE_REENTRANT` inside the callback of `update`, and every write throws
 * `ERR_DISKCACHE_READONLY` in a store that was opened with `readonly`. On a disk every method may throw
 * `ERR_DISKCACHE_IO`, where the operating system fails it, and every write `ERR_DISKCACHE_FULL`.
 */
export interface Store<K extends Key = Key, V = unknown> extends Disposable, Iterable<[K, V]> {
  /** The real path of the directory, without links. */
  readonly directory: string
  /**
   * The number of entries that all processes have stored, those that have expired but are not removed yet included.
   * O(1).
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  readonly size: number
  /** Says, as data, in what this store differs from other stores. */
  readonly capabilities: Capabilities
  /**
   * The same operations as promises, on the same entries, for servers: they never block the event loop while another
   * process writes.
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await Promise.all([cache.set('a', 1), cache.set('b', 2)]) // one transaction
   * await cache.get('a') // → 1
   * ```
   */
  readonly promises: AsyncStore<K, V>
  /**
   * Returns a namespace: a store of its own, whose entries are entries of this one, under string keys that begin with the
   * name and a colon. It has its own keys, iteration, `size`, `clear`, `evict` and results of `memoize`; the size limit,
   * transactions, `stats`, `expire`, `cull`, `check` and `volume` are those of the whole. It costs nothing to make: all
   * objects for one name share their entries. `close()` ends the object, and nothing else.
   *
   * @throws TypeError, RangeError for what is no name, which is a string that is not empty, and for an unknown or illegal
   * option, and where the codec hides keys
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * const users = cache.namespace('users', { ttl: 60_000 })
   * users.set('42', 'Ada')
   * cache.get('users:42') // → 'Ada'
   * cache.set('42', 'not a user')
   * users.clear() // → 1
   * cache.size // → 1
   * ```
   */
  namespace<NK extends Key = Key, NV = unknown>(name: string, options?: NamespaceOptions): Store<NK, NV>

  /**
   * Returns the number of entries, or of those whose key is a string with this prefix; those that have expired but are not
   * removed yet are counted, as with {@link size}. O(n) in the number of those with the prefix.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.setMany([['user:1', 'Ada'], ['total', 1]])
   * cache.count({ prefix: 'user:' }) // → 1
   * ```
   */
  count(options?: { prefix?: string | undefined }): number
  /**
   * Returns the value of a live entry, or `undefined` when there is none or it has expired. Sees what every process
   * has committed, with a memory tier until at most its `staleness` ago, or until now with `fresh`. O(log n).
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('user:1', { name: 'Ada' })
   * cache.get('user:1') // → { name: 'Ada' }
   * cache.get('user:2') // → undefined
   * ```
   */
  get(key: K, options?: GetOptions): V | undefined
  /**
   * Returns a live entry with its value, its expiry in epoch milliseconds and its tags, or `undefined` when there is
   * none: unlike `get`, it tells a stored `undefined` from a miss. Sees what `get` sees.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('user:1', 'Ada', { tag: 'users' })
   * cache.getEntry('user:1') // → { value: 'Ada', expireTime: null, tags: ['users'] }
   * ```
   */
  getEntry(key: K, options?: GetOptions): Entry<V> | undefined
  /**
   * Returns the values of many keys, in their order, with `undefined` for each that has no live entry. Sees what
   * every process has committed, and all as of one moment, where {@link Capabilities.snapshot} says so.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.setMany([['a', 1], ['b', 2]])
   * cache.getMany(['b', 'missing', 'a']) // → [2, undefined, 1]
   * ```
   */
  getMany(keys: Iterable<K>): (V | undefined)[]
  /**
   * Returns the live entries of many keys, as {@link getEntry} does, in the order of the keys, with `undefined` for
   * each that has none. All are of one moment, where {@link Capabilities.snapshot} says so.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[]
  /**
   * Returns whether there is a live entry, stored by whichever process. It reads no value, and does not count as a
   * read for statistics and eviction.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('key', undefined)
   * cache.has('key') // → true
   * ```
   */
  has(key: K): boolean
  /**
   * Returns, for each of many keys and in their order, whether there is a live entry, as {@link has} does.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  hasMany(keys: Iterable<K>): boolean[]

  /**
   * Stores a value, in place of any other, and returns `true`. Returns `false` when the value is larger than the
   * size limit; the previous entry goes, except with the policy `none`. `ttl` is in milliseconds; without one it is the default
   * of the store, or the entry never expires, and with `ttl: 0` any entry is removed. Other processes see the value when the method returns.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE for a value that `structuredClone` refuses or would rob of its
   * class, or that is nested more than 500 deep,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout` (`false` where
   * {@link Capabilities.onBusy} is `'drop'`), ERR_DISKCACHE_FULL, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('session', { user: 1 }, { ttl: 60_000, tag: 'sessions' }) // → true
   * cache.get('session') // → { user: 1 }
   * ```
   */
  set(key: K, value: V, options?: WriteOptions): boolean
  /**
   * Stores many values in one transaction, which other processes see at once, and returns for each what {@link set}
   * returns. An entry may bring options of its own; `options` are the defaults of all. In a sharded store, each shard
   * has a transaction of its own.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option: then nothing is
   * stored
   * @throws DiskCacheError as `set` does: then nothing is stored
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.setMany([['a', 1], ['b', 2, { tag: 'even' }]], { ttl: 60_000 }) // → [true, true]
   * cache.getMany(['a', 'b']) // → [1, 2]
   * ```
   */
  setMany(entries: Iterable<readonly [K, V, WriteOptions?]>, options?: WriteOptions): boolean[]
  /**
   * Stores a value only where there is no live entry, and returns whether it was stored: of several processes exactly
   * one gets `true`. Returns `false`, too, for a value that is larger than the size limit, and with `ttl: 0`. `ttl`
   * is in milliseconds; without one it is the default of the store, or the entry never expires.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError as `set` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.add('leader', process.pid, { ttl: 60_000 }) // → true
   * cache.add('leader', process.pid, { ttl: 60_000 }) // → false
   * ```
   */
  add(key: K, value: V, options?: WriteOptions): boolean
  /**
   * Reads an entry, lets `change` decide, and writes, as one step that no other process can come between. Returns the
   * entry as it is afterwards, or `undefined` when there is none. `change` gets the live entry or `undefined`, and the
   * engine's clock in epoch milliseconds. It must be synchronous and pure, since an engine may run it more than once,
   * and must not use the store. What its `{ set }` leaves out (`ttl`, `tag`, `pin`) stays as it was.
   *
   * @throws TypeError, RangeError for what cannot be a key, and when `change` returns no change; what `change` throws
   * goes on, and nothing is changed
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FOREIGN_VALUE, ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_FULL,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache<string, string[]>('cache-directory')
   * cache.update('names', (entry) => ({ set: [...(entry?.value ?? []), 'Ada'] }))
   * cache.update('names', (entry) => (entry ? { keep: true } : { set: [] }))?.value // → ['Ada']
   * cache.update('names', () => ({ delete: true })) // → undefined
   * ```
   */
  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined
  /**
   * Adds `delta`, 1 unless given, to a number and returns the sum, as one step that no other process can come between.
   * Where there is no live entry it adds to `initial`, 0 unless given, and the write options apply; a live entry keeps
   * its expiry, tag and pin.
   *
   * @throws TypeError for what cannot be a key, and for a value that is no number
   * @throws RangeError for an illegal option, and when an integer sum would not be a safe integer
   * @throws DiskCacheError ERR_DISKCACHE_KEY_MISSING when there is none and `initial` is `null`,
   * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_FULL, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.incr('visits') // → 1
   * cache.incr('visits', 2, { ttl: 60_000 }) // → 3
   * ```
   */
  incr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions): number
  /**
   * Subtracts `delta`, 1 unless given, from a number and returns the difference; in all else like {@link incr}.
   *
   * @throws TypeError, RangeError, DiskCacheError as `incr` does
   */
  decr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions): number
  /**
   * Gives a live entry a new time to live, in milliseconds from now, and returns whether there was one. `Infinity`
   * lets it live for ever, `0` lets it expire; of a range, one is drawn. Other processes see the new expiry when the method returns.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for a `ttl` that is missing or illegal
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout` (`false`
   * where {@link Capabilities.onBusy} is `'drop'`), ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('session', 1, { ttl: 1_000 })
   * cache.touch('session', { ttl: 60_000 }) // → true
   * cache.touch('missing', { ttl: 60_000 }) // → false
   * ```
   */
  touch(key: K, options: { ttl: Ttl }): boolean
  /**
   * Removes an entry and returns whether a live one was there. It is gone for other processes when the method returns.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout` (`false`
   * where {@link Capabilities.onBusy} is `'drop'`), ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('key', 'value')
   * cache.delete('key') // → true
   * cache.delete('key') // → false
   * ```
   */
  delete(key: K): boolean
  /**
   * Removes many entries in one transaction, or one for each shard, and returns for each key what {@link delete}
   * returns.
   *
   * @throws TypeError for what cannot be a key: then nothing is removed
   * @throws DiskCacheError as `delete` does
   */
  deleteMany(keys: Iterable<K>): boolean[]
  /**
   * Removes a live entry and returns its value, in one step, so that of several processes exactly one gets it. Returns
   * `undefined` when there is none.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('ticket', 7)
   * cache.pop('ticket') // → 7
   * cache.pop('ticket') // → undefined
   * ```
   */
  pop(key: K): V | undefined
  /**
   * Removes a live entry and returns it with its expiry and tags, in one step; in all else like {@link pop}.
   *
   * @throws TypeError, DiskCacheError as `pop` does
   */
  popEntry(key: K): Entry<V> | undefined

  /**
   * Returns the bytes of a value as a stream, or `undefined` when there is no live entry. The value must be bytes or
   * a string, which comes as UTF-8. A file is opened at once, so what other processes do to the entry afterwards does
   * not matter, and holds a descriptor until the stream ends: destroy a stream that you do not read to its end.
   *
   * With `start` and `end` the stream has what `value.subarray(start, end)` has, which may be nothing. What stands
   * before `start` is not read, unless the value has 1 MiB or less. A checksum is of the whole value: what a disk has
   * changed fails a stream of all bytes at its end, and so short a value is a miss, but a part of a longer one is given
   * as it stands there.
   *
   * @throws TypeError for what cannot be a key, and for a value that is neither bytes nor a string
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   *
   * @example
   * ```ts
   * import { text } from 'node:stream/consumers'
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('page', '<p>Hello</p>')
   * await text(cache.read('page') ?? []) // → '<p>Hello</p>'
   * await text(cache.read('page', { start: 3, end: 8 }) ?? []) // → 'Hello'
   * cache.read('missing') // → undefined
   * ```
   */
  read(key: K, options?: ReadOptions): Readable | undefined
  /**
   * Returns the bytes of a value as a stream, as {@link read} does, together with their number and all that was stored
   * beside them, in one step: also while others write, all of it is of the same write.
   *
   * @throws TypeError, RangeError, DiskCacheError as `read` does
   *
   * @example
   * ```ts
   * import { Readable } from 'node:stream'
   * import { text } from 'node:stream/consumers'
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * await cache.write('page', Readable.from(['<p>Hello</p>']), { metadata: { type: 'text/html' } })
   * const entry = cache.readEntry('page')
   * entry?.metadata // → { type: 'text/html' }
   * entry?.size // → 12
   * await text(entry?.stream ?? []) // → '<p>Hello</p>'
   * ```
   */
  readEntry(key: K, options?: ReadOptions): StreamedEntry | undefined
  /**
   * Stores the bytes of a stream, in memory that does not grow with their number. Resolves to `true` when the entry is
   * there, for all processes, after the source has ended; to `false`, with nothing changed, when the source has more
   * bytes than the size limit. When the source fails, nothing changes. With `metadata`, a small value is kept beside the
   * bytes, which {@link readEntry} and {@link getEntry} give.
   *
   * @throws TypeError, RangeError for what cannot be a key or a source, for a chunk that is neither bytes nor a
   * string, for an unknown or illegal option, and for `metadata` of more than 64 KiB; what the source throws goes on
   * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE for `metadata` that cannot be kept, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout` (`false`
   * where {@link Capabilities.onBusy} is `'drop'`), ERR_DISKCACHE_FULL, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Readable } from 'node:stream'
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * await cache.write('page', Readable.from(['<p>', 'Hello', '</p>']), { ttl: 60_000 }) // → true
   * String(cache.get('page')) // → '<p>Hello</p>'
   * ```
   */
  write(key: K, source: ByteSource, options?: StreamWriteOptions): Promise<boolean>

  /**
   * Iterates over the keys of live entries, in the order of insertion unless `options` say otherwise. Entries are
   * read a page at a time, and nothing is locked in between: an entry that is there throughout appears exactly once,
   * one that any process adds meanwhile does not appear.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or an order that the store does not have
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed before the end
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.setMany([['user:2', 'Grace'], ['user:1', 'Ada'], ['total', 2]])
   * cache.keys().toArray() // → ['user:2', 'user:1', 'total']
   * cache.keys({ order: 'sorted', prefix: 'user:' }).toArray() // → ['user:1', 'user:2']
   * cache.set('page', '<p>Hello</p>', { tag: 'html' })
   * cache.keys({ tag: 'html' }).toArray() // → ['page']
   * ```
   */
  keys(options?: IterateOptions): IteratorObject<K>
  /**
   * Iterates over the values of live entries; in all else like {@link keys}.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or an order that the store does not have
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, unless `foreign` is `'skip'`,
   * ERR_DISKCACHE_CLOSED when the store is closed before the end
   */
  values(options?: IterateOptions): IteratorObject<V>
  /**
   * Iterates over the keys and values of live entries, in pairs, whichever process stored them; in all else like
   * {@link keys}. A plain `for` loop over the store does the same.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or an order that the store does not have
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, unless `foreign` is `'skip'`,
   * ERR_DISKCACHE_CLOSED when the store is closed before the end
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.setMany([['a', 1], ['b', 2]])
   * cache.entries({ reverse: true }).toArray() // → [['b', 2], ['a', 1]]
   * for (const [key] of cache) cache.delete(key)
   * ```
   */
  entries(options?: IterateOptions): IteratorObject<[K, V]>

  /**
   * Runs a synchronous body as one transaction and returns what the body returns. Other processes see all that the
   * body did when `transact` returns, and cannot write meanwhile; when the body throws, all is undone and the error
   * goes on. A call inside the body is a savepoint. Whether it is all or nothing also under `kill -9`,
   * {@link Capabilities.atomicTransact} says.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_FULL, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache<string, number>('cache-directory')
   * const sum = cache.transact(() => cache.incr('alice', 7) + cache.decr('bob', 7))
   * sum // → 0
   * ```
   */
  transact<T>(body: () => Synchronous<T>): T
  /**
   * Returns a function that computes the result for the same arguments only once and keeps it in the store, for every
   * process that memoizes under the same name. For a function that returns promises, the resolved value is kept, and
   * calls of one process that overlap share one promise. A failure is not kept without `failureTtl`. Without `ttl`, in
   * milliseconds, results live as long as the store's default says, or for ever. The same function may be memoized again, also as another object with the same text: after a
   * module was evaluated again, or in each instance of a class.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, and for a name that another function of this store
   * has
   * @throws DiskCacheError from the function: ERR_DISKCACHE_CLOSED, ERR_DISKCACHE_REENTRANT. Where the store fails
   * otherwise, or cannot keep a result, the function is called all the same; the channel `diskcache:error` tells it.
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * const square = cache.memoize((n: number) => n * n, { name: 'square', ttl: 60_000 })
   * square(7) // → 49
   * square.forget(7) // → true
   * ```
   */
  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R>

  /**
   * Removes the entries that have this tag, or one of several, or with `{ untagged: true }` those that have none, and returns
   * their number, those that had expired included. They go in small transactions, so that other processes can write in between; an
   * entry that any process adds meanwhile stays; one that was there, and that meanwhile gets a new value with this tag,
   * may go. Without the setting `tagIndex`, and for entries without a tag, it looks at every row, 10,000 in a
   * transaction. With `prefix`, only entries go whose key is a string with this beginning.
   *
   * @throws TypeError for what cannot be a tag, and an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, with the number that was removed before as `count` (which is
   * returned where {@link Capabilities.onBusy} is `'drop'`), ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('page', '<p>Hello</p>', { tag: 'html' })
   * cache.set('note', 'a note')
   * cache.set('list', '<ul></ul>', { tag: ['html', 'articles'] })
   * cache.evict(['html', 'json']) // → 2
   * cache.evict({ untagged: true }) // → 1
   * ```
   */
  evict(tag: TagChoice, options?: { prefix?: string | undefined }): number
  /**
   * Removes the entries that have expired and returns their number. Writes do the same, a few rows at a time, unless
   * the setting `cullLimit` is 0. They go in small transactions, so that other processes can write in between.
   *
   * @throws DiskCacheError as `evict` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('key', 'value', { ttl: 60_000 })
   * cache.expire() // → 0
   * ```
   */
  expire(): number
  /**
   * Removes expired entries, then others in the order of the setting `evictionPolicy`, until the volume is within
   * `sizeLimit` and their number within `maxEntries`, and returns how many it removed. They go in small transactions, so
   * that other processes can write in between.
   *
   * @throws DiskCacheError as `evict` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory', { cullLimit: 0, sizeLimit: 100_000 })
   * for (let i = 0; i < 10; i++) cache.set(i, 'x'.repeat(20_000))
   * cache.cull() > 0 // → true
   * cache.volume() <= 100_000 // → true
   * ```
   */
  cull(): number
  /**
   * Removes all entries, or those whose key is a string with this prefix, and returns their number, those that had
   * expired included. They go in small transactions, so that other processes can write in between; an entry that any
   * process adds meanwhile stays; one that was there, and that meanwhile gets a new value, may go. Where all of more than
   * 10,000 are to go, SQLite does not visit those whose values are in rows: they go at once, except inside `transact`.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError as `evict` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.setMany([['user:1', 'Ada'], ['total', 1]])
   * cache.clear({ prefix: 'user:' }) // → 1
   * cache.clear() // → 1
   * ```
   */
  clear(options?: { prefix?: string | undefined }): number
  /**
   * Compares the database with its files and counters and returns what differs: an empty array for a sound store.
   * With `fix`, `false` unless given, it also mends that, for all processes. A file without a row counts once it is
   * older than 15 minutes: before, its write may be under way. It reads every row: a thing for maintenance.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY with `fix`, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.check() // → []
   * cache.check({ fix: true }) // → []
   * ```
   */
  check(options?: { fix?: boolean | undefined }): Problem[]
  /**
   * Returns the hits and misses that all processes have had while statistics were on, and what they have evicted to make
   * room. `enable` turns statistics on or off, for every process; `reset` sets all to 0 after they were read. What other
   * processes have had within the last second may be missing.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when a change cannot be stored in time, ERR_DISKCACHE_READONLY for a
   * change, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory', { statistics: true })
   * cache.get('missing')
   * cache.stats() // → { hits: 0, misses: 1, dropped: 0 }
   * ```
   */
  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined }): Stats
  /**
   * Returns the bytes that the store fills on disk: database pages in use, and value files, of all processes. The
   * write-ahead log is not counted. O(1).
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  volume(): number
  /**
   * Closes the store, with both faces, for this process; others go on. A second call does nothing. Promises of writes
   * that are not committed yet reject with `ERR_DISKCACHE_CLOSED`; `promises.close()` waits for them instead. `using`
   * calls it at the end of the scope.
   *
   * @throws DiskCacheError ERR_DISKCACHE_REENTRANT inside `transact` and inside the callback of `update`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * const cache = new Cache('cache-directory')
   * cache.close()
   * try {
   *   cache.get('key')
   * } catch (error) {
   *   error.code // → 'ERR_DISKCACHE_CLOSED'
   * }
   * ```
   */
  close(): void
}
