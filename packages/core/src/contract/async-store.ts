import type { Readable } from 'node:stream'
import type { AsyncCapabilities } from './capabilities.ts'
import type { Change, CounterKey, CounterOptions, Entry, Key, TagChoice, Ttl, WriteOptions } from './entry.ts'
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

/** An option that every operation of an {@link AsyncStore} takes. */
export interface Abortable {
  /**
   * Aborts the operation, which then rejects with the signal's reason and has had no effect, or resolves and has taken
   * full effect. Without one, the operation goes on to its end.
   */
  signal?: AbortSignal | undefined
}

/**
 * The operations of a `Store` as promises, which never block the event loop. Engines other than SQLite implement this
 * interface, too; what one of them lacks, its `capabilities` say.
 *
 * A promise resolves when the operation has taken effect for every process: a read sees what all processes have done
 * before, a write is there for all of them. Operations of one process on one key keep their order; one that concerns
 * many keys comes after all earlier writes, and later ones come after it. What throws in a `Store` rejects here, and
 * every operation rejects with the reason of its `signal` when that is aborted, and with `ERR_DISKCACHE_CLOSED` after
 * `close()`.
 */
export interface AsyncStore<K extends Key = Key, V = unknown> extends AsyncDisposable, AsyncIterable<[K, V]> {
  /**
   * Says, as data, in what this store differs from other stores.
   */
  readonly capabilities: AsyncCapabilities
  /**
   * Returns whether a synchronous `transact` of this process is under way: operations that are asked for now take
   * effect after it.
   */
  readonly inTransaction?: boolean
  /**
   * Returns a namespace: a store of its own, whose entries are entries of this one, under string keys that begin with the
   * name and a colon. It has its own keys, iteration, `count`, `clear` and `evict`; limits, transactions, `stats`,
   * `expire`, `cull`, `check` and `volume` are those of the whole. It costs nothing to make: all objects for one name share
   * their entries. `close()` ends the object, and nothing else.
   *
   * @throws TypeError, RangeError for what is no name, which is a string that is not empty, and for an unknown or illegal
   * option, and where the codec hides keys
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * const users = cache.namespace('users', { ttl: 60_000 })
   * await users.set('42', 'Ada')
   * await cache.get('users:42') // → 'Ada'
   * await users.clear() // → 1
   * ```
   */
  namespace<NK extends Key = Key, NV = unknown>(name: string, options?: NamespaceOptions): AsyncStore<NK, NV>
  /**
   * Resolves to the number of entries that all processes have stored, or of those whose key is a string with this prefix.
   * Entries that have expired but are not removed yet are counted where the engine keeps them.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED
   */
  count(options?: { prefix?: string | undefined } & Abortable): Promise<number>
  /**
   * Resolves to the value of a live entry, or to `undefined` when there is none or it has expired. Sees what every
   * process has committed, with a memory tier until at most its `staleness` ago, or until now with `fresh`.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT,
   * ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('user:1', { name: 'Ada' })
   * await cache.get('user:1') // → { name: 'Ada' }
   * await cache.get('user:2') // → undefined
   * ```
   */
  get(key: K, options?: GetOptions & Abortable): Promise<V | undefined>
  /**
   * Resolves to a live entry with its value, its expiry in epoch milliseconds and its tags, or to `undefined` when
   * there is none: unlike `get`, it tells a stored `undefined` from a miss. Sees what `get` sees.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT,
   * ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('user:1', 'Ada', { tag: 'users' })
   * await cache.getEntry('user:1') // → { value: 'Ada', expireTime: null, tags: ['users'] }
   * ```
   */
  getEntry(key: K, options?: GetOptions & Abortable): Promise<Entry<V> | undefined>
  /**
   * Resolves to the values of many keys, in their order, with `undefined` for each that has no live entry. Sees what
   * every process has committed, and all as of one moment, where {@link Capabilities.snapshot} says so; in SQLite, more
   * than 1,000 keys are read in slices of as many, each as of one moment.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT,
   * ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.setMany([['a', 1], ['b', 2]])
   * await cache.getMany(['b', 'missing', 'a']) // → [2, undefined, 1]
   * ```
   */
  getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]>
  /**
   * Resolves to the live entries of many keys, as {@link getEntry} does, in the order of the keys, with `undefined`
   * for each that has none. All are of one moment, where {@link Capabilities.snapshot} says so.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT,
   * ERR_DISKCACHE_CLOSED after `close()`
   */
  getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]>
  /**
   * Resolves to whether there is a live entry, stored by whichever process. It reads no value, and does not count as a
   * read for statistics and eviction.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('key', undefined)
   * await cache.has('key') // → true
   * ```
   */
  has(key: K, options?: Abortable): Promise<boolean>
  /**
   * Resolves, for each of many keys and in their order, to whether there is a live entry, as {@link has} does; in all
   * else like {@link getMany}.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED
   */
  hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]>
  /**
   * Stores a value, in place of any other, and resolves to `true` when it is there for every process. Resolves to
   * `false` when the value is larger than the size limit; the previous entry goes, except with the policy `none`. `ttl` is in
   * milliseconds; without one it is the default of the store, or the entry never expires, and with `ttl: 0` any entry is
   * removed.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE for a value that `structuredClone` refuses or would rob of its
   * class, or that is nested more than 500 deep,
   * ERR_DISKCACHE_TIMEOUT when other processes, or the server, let it wait for too long, ERR_DISKCACHE_FULL,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('session', { user: 1 }, { ttl: 60_000, tag: 'sessions' }) // → true
   * await cache.get('session') // → { user: 1 }
   * ```
   */
  set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean>
  /**
   * Stores many values and resolves, for each, to what {@link set} resolves to. An entry may bring options of its own;
   * `options` are the defaults of all. It is one transaction, which other processes see at once, where
   * {@link Capabilities.snapshot} says so.
   *
   * In SQLite, that holds for up to 1,000 entries. One whose value is in a file counts for ten, another whose value is
   * longer than 4 KiB for one per 4 KiB. More are stored in slices, in their order, of as many at most, and of no more
   * than some milliseconds suffice for: each is one transaction, of entries as they are when its turn comes, and what
   * was stored before one that fails stays. A signal counts until the first slice is stored.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError as `set` does, with the `key` of a value that cannot be stored; where one slice of several
   * fails, with the number of the entries, from the first, that are done with as `count` (of those of one shard, where
   * there are shards)
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * const options = { ttl: 60_000 }
   * await cache.setMany([['a', 1], ['b', 2, { tag: 'even' }]], options) // → [true, true]
   * await cache.getMany(['a', 'b']) // → [1, 2]
   * ```
   */
  setMany(
    entries: Iterable<readonly [K, V, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]>
  /**
   * Stores a value only where there is no live entry, and resolves to whether it was stored: of several processes
   * exactly one gets `true`. Resolves to `false`, too, for a value that is larger than the size limit, and with `ttl:
   * 0`. `ttl` is in milliseconds; without one it is the default of the store, or the entry never expires.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError as `set` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.add('leader', process.pid, { ttl: 60_000 }) // → true
   * await cache.add('leader', process.pid, { ttl: 60_000 }) // → false
   * ```
   */
  add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean>
  /**
   * Reads an entry, lets `change` decide, and writes, as one step that no other process can come between. Resolves to
   * the entry as it is afterwards, or to `undefined` when there is none. `change` gets the live entry or `undefined`,
   * and the engine's clock in epoch milliseconds. It must be synchronous and pure, since an engine may run it more
   * than once, and must not use the store. What its `{ set }` leaves out (`ttl`, `tag`, `pin`) stays as it was.
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
   * await using cache = new Cache('cache-directory').promises
   * const add = (entry?: { value: unknown }) => ({ set: [...((entry?.value as string[]) ?? []), 'Ada'] })
   * await cache.update('names', add)
   * (await cache.update('names', add))?.value // → ['Ada', 'Ada']
   * ```
   */
  update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined>
  /**
   * Adds `delta`, 1 unless given, to a number and resolves to the sum, as one step that no other process can come
   * between. Where there is no live entry it adds to `initial`, 0 unless given, and the write options apply; a live
   * entry keeps its expiry, tag and pin.
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
   * await using cache = new Cache('cache-directory').promises
   * await cache.incr('visits') // → 1
   * await cache.incr('visits', 2, { ttl: 60_000 }) // → 3
   * ```
   */
  incr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions & Abortable): Promise<number>
  /**
   * Subtracts `delta`, 1 unless given, from a number and resolves to the difference; in all else like {@link incr}.
   *
   * @throws TypeError, RangeError, DiskCacheError as `incr` does
   */
  decr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions & Abortable): Promise<number>
  /**
   * Gives a live entry a new time to live, in milliseconds from now, and resolves to whether there was one, when every
   * process sees the new expiry. `Infinity` lets it live for ever, `0` lets it expire.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for a `ttl` that is missing or illegal
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('session', 1, { ttl: 1_000 })
   * await cache.touch('session', { ttl: 60_000 }) // → true
   * await cache.touch('missing', { ttl: 60_000 }) // → false
   * ```
   */
  touch(key: K, options: { ttl: Ttl } & Abortable): Promise<boolean>
  /**
   * Removes an entry and resolves to whether a live one was there, when it is gone for every process.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('key', 'value')
   * await cache.delete('key') // → true
   * await cache.delete('key') // → false
   * ```
   */
  delete(key: K, options?: Abortable): Promise<boolean>
  /**
   * Removes many entries and resolves, for each key, to what {@link delete} resolves to. It is one transaction where
   * {@link Capabilities.snapshot} says so; in SQLite, more than 1,000 keys are slices, as those of {@link setMany}.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError as `delete` does, with a `count` as that of {@link setMany}
   */
  deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]>
  /**
   * Removes a live entry and resolves to its value, in one step, so that of several processes exactly one gets it.
   * Resolves to `undefined` when there is none.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('ticket', 7)
   * await cache.pop('ticket') // → 7
   * await cache.pop('ticket') // → undefined
   * ```
   */
  pop(key: K, options?: Abortable): Promise<V | undefined>
  /**
   * Removes a live entry and resolves to it with its expiry and tags, in one step; in all else like {@link pop}.
   *
   * @throws TypeError, DiskCacheError as `pop` does
   */
  popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined>
  /**
   * Resolves to the bytes of a value as a stream, or to `undefined` when there is no live entry. The value must be
   * bytes or a string, which comes as UTF-8. What other processes do to the entry afterwards does not matter, where
   * the store is a directory. Destroy a stream that you do not read to its end: it may hold a file descriptor.
   *
   * With `start` and `end` the stream has what `value.subarray(start, end)` has, which may be nothing. Of a large value,
   * what stands before `start` is not read. Where the store has checksums, they are of whole values: a part of more than
   * 1 MiB is given as it stands.
   *
   * @throws TypeError for what cannot be a key, and for a value that is neither bytes nor a string
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT,
   * ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { text } from 'node:stream/consumers'
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('page', '<p>Hello</p>')
   * await text((await cache.read('page')) ?? []) // → '<p>Hello</p>'
   * await text((await cache.read('page', { start: 3, end: 8 })) ?? []) // → 'Hello'
   * await cache.read('missing') // → undefined
   * ```
   */
  read(key: K, options?: ReadOptions & Abortable): Promise<Readable | undefined>
  /**
   * Resolves to the bytes of a value as a stream, as {@link read} does, together with their number and all that was
   * stored beside them, in one step: also while others write, all of it is of the same write.
   *
   * @throws TypeError, RangeError, DiskCacheError as `read` does
   *
   * @example
   * ```ts
   * import { Readable } from 'node:stream'
   * import { text } from 'node:stream/consumers'
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.write('page', Readable.from(['<p>Hello</p>']), { metadata: { type: 'text/html' } })
   * const entry = await cache.readEntry('page')
   * entry?.metadata // → { type: 'text/html' }
   * entry?.size // → 12
   * await text(entry?.stream ?? []) // → '<p>Hello</p>'
   * ```
   */
  readEntry(key: K, options?: ReadOptions & Abortable): Promise<StreamedEntry | undefined>
  /**
   * Stores the bytes of a stream, in memory that does not grow with their number. Resolves to `true` when the entry is
   * there, for all processes, after the source has ended; to `false`, with nothing changed, when the source has more
   * bytes than the size limit. When the source fails or the signal is aborted, nothing changes and the source is
   * ended. The write takes its place in the order of operations when its source ends. With `metadata`, a small value is
   * kept beside the bytes, which {@link readEntry} and {@link getEntry} give.
   *
   * @throws TypeError, RangeError for what cannot be a key or a source, for a chunk that is neither bytes nor a
   * string, for an unknown or illegal option, and for `metadata` of more than 64 KiB; what the source throws goes on
   * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE for `metadata` that cannot be kept, ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_FULL, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Readable } from 'node:stream'
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.write('page', Readable.from(['<p>', 'Hello', '</p>']), { ttl: 60_000 }) // → true
   * String(await cache.get('page')) // → '<p>Hello</p>'
   * ```
   */
  write(key: K, source: ByteSource, options?: StreamWriteOptions & Abortable): Promise<boolean>
  /**
   * Iterates over the keys of live entries, in the default order of the store ({@link Capabilities.orders}) unless
   * `options` say otherwise, after everything that was pending when the iteration began. Entries are read a page at a
   * time, and nothing is locked in between: an entry that is there throughout appears exactly once; one that any
   * process adds meanwhile need not appear.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or an order that the store does not have
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED when the store is closed before the end
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.setMany([['user:2', 'Grace'], ['user:1', 'Ada'], ['total', 2]])
   * await Array.fromAsync(cache.keys()) // → ['user:2', 'user:1', 'total']
   * await Array.fromAsync(cache.keys({ order: 'sorted', prefix: 'user:' })) // → ['user:1', 'user:2']
   * await cache.set('page', '<p>Hello</p>', { tag: 'html' })
   * await Array.fromAsync(cache.keys({ tag: 'html' })) // → ['page']
   * ```
   */
  keys(options?: IterateOptions & Abortable): AsyncIterableIterator<K>
  /**
   * Iterates over the values of live entries; in all else like {@link keys}.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or an order that the store does not have
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, unless `foreign` is `'skip'`,
   * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED when the store is closed before the end
   */
  values(options?: IterateOptions & Abortable): AsyncIterableIterator<V>
  /**
   * Iterates over the keys and values of live entries, in pairs, whichever process stored them; in all else like
   * {@link keys}. A plain `for await` loop over the store does the same.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or an order that the store does not have
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, unless `foreign` is `'skip'`,
   * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED when the store is closed before the end
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.setMany([['a', 1], ['b', 2]])
   * await Array.fromAsync(cache.entries({ reverse: true })) // → [['b', 2], ['a', 1]]
   * for await (const [key] of cache) await cache.delete(key)
   * ```
   */
  entries(options?: IterateOptions & Abortable): AsyncIterableIterator<[K, V]>
  /**
   * Removes the entries that have this tag, or one of several, or with `{ untagged: true }` those that have none, and
   * resolves to their number. An entry that any process adds meanwhile stays; one that was there, and that meanwhile gets a new value with
   * this tag, may go. Without an index of tags, and for entries without a tag, it looks at every entry. The removal
   * works in small steps, so that others can write in between; a signal that is aborted after the first entry was
   * removed has no effect. With `prefix`, only entries go whose key is a string with this beginning.
   *
   * @throws TypeError for what cannot be a tag, and an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('page', '<p>Hello</p>', { tag: 'html' })
   * await cache.set('note', 'a note')
   * await cache.set('list', '<ul></ul>', { tag: ['html', 'articles'] })
   * await cache.evict(['html', 'json']) // → 2
   * await cache.evict({ untagged: true }) // → 1
   * ```
   */
  evict(tag: TagChoice, options?: { prefix?: string | undefined } & Abortable): Promise<number>
  /**
   * Removes the entries that have expired and resolves to their number, when they are gone for every process: 0 where
   * the engine does that by itself. The removal works in small steps, so that others can write in between; a signal
   * that is aborted after the first has no effect.
   *
   * @throws DiskCacheError as `evict` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('key', 'value', { ttl: 60_000 })
   * await cache.expire() // → 0
   * ```
   */
  expire(options?: Abortable): Promise<number>
  /**
   * Removes expired entries, then others in the order of the eviction policy, until the volume and the number of entries
   * are within their limits, and resolves to how many it removed, when they are gone for every process: 0 where the
   * engine does that by itself. The removal works in small steps, so that others can write in between; a signal that is aborted after the
   * first has no effect.
   *
   * @throws DiskCacheError as `evict` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory', { cullLimit: 0, sizeLimit: 100_000 }).promises
   * for (let i = 0; i < 10; i++) await cache.set(i, 'x'.repeat(20_000))
   * (await cache.cull()) > 0 // → true
   * ```
   */
  cull(options?: Abortable): Promise<number>
  /**
   * Removes all entries, or those whose key is a string with this prefix, and resolves to their number. An entry that
   * any process adds meanwhile stays; one that was there, and that meanwhile gets a new value, may go. The removal works
   * in small steps, so that others can write in between; a signal that is aborted after the first has no effect. Where
   * all of more than 10,000 are to go, SQLite does not visit those whose values are in rows: they go at once.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError as `evict` does
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.setMany([['user:1', 'Ada'], ['total', 1]])
   * await cache.clear({ prefix: 'user:' }) // → 1
   * await cache.clear() // → 1
   * ```
   */
  clear(options?: { prefix?: string | undefined } & Abortable): Promise<number>
  /**
   * Compares what the store has with what it should have and resolves to what differs: to an empty array for a sound
   * store. With `fix`, `false` unless given, it also mends that, for all processes. It reads everything, in slices,
   * between which other operations have their turn. A signal counts until something is mended.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY with `fix`, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.check() // → []
   * await cache.check({ fix: true }) // → []
   * ```
   */
  check(options?: { fix?: boolean | undefined } & Abortable): Promise<Problem[]>
  /**
   * Resolves to the hits and misses that all processes have had while statistics were on. `enable` turns them on or
   * off; `reset` sets all counts to 0 after they were read. What other processes have had within the last second may be
   * missing.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_READONLY for a change, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.stats({ enable: true })
   * await cache.get('missing')
   * await cache.stats() // → { hits: 0, misses: 1, dropped: 0 }
   * ```
   */
  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable): Promise<Stats>
  /**
   * Resolves to the bytes that the store fills, with the entries of all processes: on disk, or in the memory of a
   * server.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED
   */
  volume(options?: Abortable): Promise<number>
  /**
   * Resolves when one of the keys may have changed, by this process or another, since the call. It may resolve for
   * another reason, too: look again, and begin to wait before you look, so that no change is missed. It is there where
   * {@link AsyncCapabilities.watch} says so.
   *
   * @throws TypeError for what cannot be a key
   * @throws the reason of `signal` when that is aborted, and TypeError without a signal
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * const changed = cache.waitFor(['ready'], { signal: AbortSignal.timeout(5_000) })
   * await cache.set('ready', true)
   * await changed
   * ```
   */
  waitFor?(keys: readonly K[], options: { signal: AbortSignal }): Promise<void>
  /**
   * Returns a number that is a higher one whenever something in the store may have changed since an earlier call, by this
   * process or another: while it is the same, what was read since then still holds, but for what has expired. `undefined`
   * where it cannot be told just now. It costs less than reading an entry, and is left out where it would not.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * const before = cache.changeCount()
   * await cache.set('key', 'value')
   * cache.changeCount() === before // → false
   * ```
   */
  changeCount?(): number | undefined
  /**
   * Closes the store for this process, when everything that was accepted is done; sources of `write` that have not
   * ended are aborted. Other processes go on. A second call resolves with the first. `await using` calls it at the end
   * of the scope.
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * const cache = new Cache('cache-directory').promises
   * const written = cache.set('key', 'value')
   * await cache.close()
   * await written // → true
   * ```
   */
  close(): Promise<void>
}
