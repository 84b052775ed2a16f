import type { Readable } from 'node:stream'
import {
  type Abortable,
  type AsyncCapabilities,
  AsyncNamespace,
  type AsyncStore,
  type ByteSource,
  byteRangeOf,
  type Change,
  type CounterKey,
  type CounterOptions,
  checkBoolean,
  checkFunction,
  checkOptions,
  checkSource,
  checkTagChoice,
  checkTakesNamespaces,
  closedError,
  collectBytes,
  DEFAULT_TTL,
  type Entry,
  EXPECT_ABSENT,
  encodeMetadata,
  evictChannel,
  type GetOptions,
  getChannel,
  type IterateOptions,
  type Key,
  Mode,
  type NamespaceOptions,
  NamespaceScope,
  type PeekedEntry,
  type Problem,
  prefixOption,
  type ReadOptions,
  type RecipeHint,
  refuseGetOrSet,
  SET_WITH_METADATA,
  STORE_PEEK,
  type Stats,
  type StreamedEntry,
  type StreamWriteOptions,
  setChannel,
  signalOf,
  splitGetOptions,
  splitMetadata,
  splitSignal,
  type TagChoice,
  type Ttl,
  touchTtl,
  type WriteOptions,
  withDefaultTtl,
} from '@diskcache/core'
import { encodeTagColumn } from './bytes/tag-bytes.ts'
import { planEntry } from './entries/bulk.ts'
import type { ChangeCallback } from './entries/changes/change-callback.ts'
import { entryOf, type LoadedEntry } from './entries/entry-reader.ts'
import { isWritten } from './entries/entry-writer.ts'
import type { RunTogether } from './entries/order/joint.ts'
import { type EntryOptions, entryOptions, wholeTtl } from './entries/write-options.ts'
import { checkIterateOptions, checkKeyPrefix } from './keyspace/iteration.ts'
import type { RemoveNames } from './keyspace/removal.ts'
import { openOptions, type RedisStoreOptions } from './redis-store-options.ts'
import { CLOCK_LAG } from './scripts/put.ts'
import type { Deadline } from './server/deadline.ts'
import { openParts, type StoreParts } from './store-parts.ts'

const CAPABILITIES = Object.freeze<AsyncCapabilities>({
  snapshot: false,
  atomicTransact: false,
  orders: [],
  onBusy: 'throw',
  transact: false,
  streams: true,
  watch: true,
})

/** By the server's own clock, whose time updates may guess. */
const OWN_CLOCK_CAPABILITIES = Object.freeze<AsyncCapabilities>({ ...CAPABILITIES, clockLag: CLOCK_LAG })

type Signal = AbortSignal | undefined

/** How an operation is done in one with others of its kind. */
interface Together<T, R> {
  readonly kind: string
  /** What it asks for. */
  readonly item: T
  /** Does all of them on the entry with this name. */
  readonly run: (name: string) => RunTogether<T, R>
}

/**
 * The operations of a cache on Redis 7 or Valkey 8, on one server or a cluster: for those who outgrow one machine.
 * Keys, values, expiry, tags and counters are as in a `Cache`; `capabilities` says what differs. There is no order, no
 * `transact`, and no bulk operation is one step. Redis evicts by its own settings, also entries with `pin`.
 *
 * Operations on one key that are issued in one process keep their order; one that concerns all keys waits for all
 * earlier writes. Nothing is tried again that may have been done: after a timeout or a lost connection, a write may
 * have happened.
 *
 * Operations reject with a `DiskCacheError` of one of these codes:
 * - `ERR_DISKCACHE_TIMEOUT`: Redis did not answer within `timeout` milliseconds;
 * - `ERR_DISKCACHE_FULL`: `maxmemory` is reached, and nothing may be evicted;
 * - `ERR_DISKCACHE_ENGINE`: anything else that Redis or the client failed with, as `cause`;
 * - `ERR_DISKCACHE_FORMAT`, `ERR_DISKCACHE_CORRUPT`: an entry was not written by this package, or with another `disk`;
 * - `ERR_DISKCACHE_CLOSED`: the store is closed.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { RedisStore } from '@diskcache/redis'
 *
 * await using store = new RedisStore({ url: process.env.REDIS_URL ?? 'redis://localhost:6379', prefix: 'app' })
 * await store.set('user 1', { name: 'Ada' }, { ttl: 60_000, tag: ['users', 'admins'] })
 * assert.deepEqual(await store.get('user 1'), { name: 'Ada' })
 * assert.equal(await store.evict('users'), 1)
 * ```
 */
export class RedisStore<K extends Key = Key, V = unknown> implements AsyncStore<K, V> {
  readonly #parts: StoreParts
  /** Aborted by `close()`, to end sources that are still being written. */
  readonly #closer = new AbortController()
  /** Sources that are being written. */
  readonly #writing = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  /**
   * Makes a store. With a `url`, its client connects in the background, and the first operations wait for that.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or unless exactly one of `client`, `url` and `sentinel` is given
   */
  constructor(options: RedisStoreOptions) {
    this.#parts = openParts(openOptions(options))
  }

  /** What a store on Redis can do: streams and `waitFor`; no `transact`, no snapshots and no orders. */
  get capabilities(): AsyncCapabilities {
    return this.#parts.hasClock ? CAPABILITIES : OWN_CLOCK_CAPABILITIES
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): AsyncStore<NK, NV> {
    this.#enter(undefined)
    checkTakesNamespaces(this.#parts.disk)
    return new AsyncNamespace<NK, NV>(this as unknown as AsyncStore, NamespaceScope.of(name, options))
  }

  /**
   * Returns the number of live entries, or of those whose key is a string with this prefix. Redis looks at every name in
   * the database for this.
   */
  async count(options?: { prefix?: string | undefined } & Abortable): Promise<number> {
    const [signal, count] = splitSignal(this.#enter(options))
    const prefix = prefixOption('count', count)
    if (prefix !== undefined) checkKeyPrefix(prefix)
    return this.#parts.operations.readAll(signal, () => this.#parts.iteration.count(prefix, signal))
  }

  async get(key: K, options?: GetOptions & Abortable): Promise<V | undefined> {
    const [signal, recency] = splitGetOptions(this.#enter(options))
    const { keys, operations, reader, near } = this.#parts
    const name = keys.encode(key)
    if (recency === 'stale') return near?.recallStale(name)?.value as V | undefined
    const recalled = near === undefined || recency === 'fresh' ? undefined : near.recall(name)
    const read = (deadline: Deadline) => (near ?? reader).value(name, deadline)
    const found = recalled ?? (await operations.read([name], signal, read))
    this.#noteRead(key, found)
    return found?.value as V | undefined
  }

  async getEntry(key: K, options?: GetOptions & Abortable): Promise<Entry<V> | undefined> {
    const [signal, recency] = splitGetOptions(this.#enter(options))
    const { keys, operations, reader, near } = this.#parts
    const name = keys.encode(key)
    if (recency === 'stale') return near?.recallEntry(name, true) as Entry<V> | undefined
    const recalled = recency === 'fresh' ? undefined : near?.recallEntry(name, false)
    const look = async (deadline: Deadline) => (await (near ?? reader).look(name, deadline)).entry
    const read = recalled === undefined ? await operations.read([name], signal, look) : undefined
    const entry = recalled ?? (read && entryOf(read))
    this.#noteRead(key, entry)
    return entry as Entry<V> | undefined
  }

  /**
   * Returns the values of all keys, in order, with `undefined` for what is missing. It sees what every process has
   * written, but is not one step: others may write meanwhile.
   */
  async getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]> {
    const { bulk } = this.#parts
    const found = await this.#readMany(keys, options, (names, deadline) => bulk.values(names, deadline))
    return found.map((one) => one?.value as V | undefined)
  }

  /**
   * Returns the entries of all keys, in order, with `undefined` for what is missing. It sees what every process has
   * written, but is not one step: others may write meanwhile.
   */
  async getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]> {
    const { bulk, reader } = this.#parts
    const look = async (name: string, deadline: Deadline) => (await reader.look(name, deadline)).entry
    const found = await this.#readMany(keys, options, (names, deadline) =>
      bulk.each(names, deadline, (name) => look(name, deadline)),
    )
    return found.map((entry) => entry && entryOf<V>(entry))
  }

  async has(key: K, options?: Abortable): Promise<boolean> {
    const { bulk } = this.#parts
    const [isThere] = await this.#read(key, options, (name, deadline) => bulk.has([name], deadline))
    return isThere as boolean
  }

  async hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    const signal = signalOf(this.#enter(options))
    const names = this.#names([...keys])
    const { operations, bulk } = this.#parts
    return operations.read(names, signal, (deadline) => bulk.has(names, deadline))
  }

  async set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    const { planner, writer, keys, operations, watch } = this.#parts
    const planned = planner.plan(value)
    const entry = this.#entryOptions(write)
    if (planned === undefined) return this.#refuse(key, signal)
    const name = keys.encode(key)
    await (this.#joins(name, signal)
      ? operations.join('set', name, { planned, entry }, writer.setLast(name))
      : operations.write([name], signal, (deadline) => writer.set(name, planned, entry, deadline)))
    watch.wake(name)
    this.#tellWrite(key, 'set')
    return true
  }

  /**
   * Stores entries, and returns for each whether it was stored. Not one step: other processes may see some of the
   * entries before the rest, and see all when the promise resolves. Of several entries with one key, the last counts.
   */
  async setMany(
    entries: Iterable<readonly [K, V, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]> {
    const [signal, common] = splitSignal(this.#enter(options))
    entryOptions(common)
    const list = [...entries]
    const planned = list.map((entry) => planEntry(entry, common, this.#parts))
    const names = planned.map((entry) => entry.key)
    const { bulk } = this.#parts
    await this.#writeMany(names, signal, (deadline) => bulk.set(planned, deadline))
    const isStored = planned.map((entry) => entry.planned !== undefined)
    if (setChannel.hasSubscribers)
      for (const [i, [key]] of list.entries()) this.#tellWrite(key, isStored[i] ? 'set' : 'delete')
    return isStored
  }

  /** Stores a value with metadata, for an import. */
  async [SET_WITH_METADATA](key: Key, value: unknown, options: StreamWriteOptions): Promise<boolean> {
    this.#enter(undefined)
    const { disk, planner, writer } = this.#parts
    const [metadata, write] = splitMetadata(options)
    const entry = { ...this.#entryOptions(write), metadata: encodeMetadata(disk, metadata) }
    const planned = planner.plan(value)
    if (planned === undefined) return this.#refuse(key as K, undefined)
    await this.#write(key as K, undefined, (name, deadline) => writer.set(name, planned, entry, deadline))
    this.#tellWrite(key as K, 'set')
    return true
  }

  /** Removes what a key has so far, when its new value is too large: nobody must get what was to be replaced. */
  async #refuse(key: K, signal: AbortSignal | undefined): Promise<false> {
    const { bulk } = this.#parts
    await this.#write(key, signal, (name, deadline) => bulk.delete([name], deadline))
    this.#tellWrite(key, 'delete')
    return false
  }

  async add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    const { planner, writer } = this.#parts
    const [planned, entry] = [planner.plan(value), this.#entryOptions(write)]
    if (planned === undefined) return false
    const add = { ...entry, condition: 'absent' } as const
    const isAdded = await this.#write(key, signal, async (name, deadline) => {
      return entry.ttl !== 0 && isWritten(await writer.put(name, planned, add, deadline))
    })
    if (isAdded) this.#tellWrite(key, 'set')
    return isAdded
  }

  /**
   * Changes an entry by compare and set, and returns the entry afterwards, or `undefined` when there is none. `change`
   * runs again when another process was faster; `now` is the time by Redis's clock, in epoch milliseconds. Other
   * processes see the change when the promise resolves.
   *
   * @example
   * await store.update('visits', (entry) => ({ set: Number(entry?.value ?? 0) + 1 }))
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when others change the entry all the time, for `timeout` milliseconds
   */
  async update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined> {
    const signal = signalOf(this.#enter(options))
    checkFunction('change', change)
    const { update } = this.#parts
    const callback = change as ChangeCallback
    const { entry, reason } = await this.#write(
      key,
      signal,
      (name, deadline) => update.run(name, callback, deadline),
      {
        kind: 'update',
        item: callback,
        run: (name) => (all, deadline) => update.runAll(name, all, deadline),
      },
    )
    if (reason !== undefined) this.#tellWrite(key, reason)
    return entry as Entry<V> | undefined
  }

  /** The time to live of writes that give none, for recipes. */
  get [DEFAULT_TTL](): Ttl | undefined {
    return this.#parts.ttl
  }

  /** Tells of entries without fetching large values, for those who look into the store. It counts as no read. */
  async [STORE_PEEK](keys: Iterable<K>): Promise<(PeekedEntry | undefined)[]> {
    this.#enter(undefined)
    const { bulk, reader, operations } = this.#parts
    const names = this.#names([...keys])
    return operations.read(names, undefined, (deadline) =>
      bulk.each(names, deadline, (name) => reader.peek(name, deadline)),
    )
  }

  /** Lets the next {@link update} of the entry try whether it is absent, in the step that writes. */
  [EXPECT_ABSENT](key: K): void {
    this.#parts.update.expectAbsent(this.#parts.keys.encode(key))
  }

  async incr(key: CounterKey<K, V>, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    const [signal, counterOptions] = splitSignal(this.#enter(options))
    const { counter, keys, operations, watch } = this.#parts
    const addition = counter.check(key, delta, counterOptions)
    const name = keys.encode(key)
    const sum = await (this.#joins(name, signal) && counter.isPlain(addition)
      ? operations.join('incr', name, addition, (all, deadline) => counter.addAll(name, all, deadline))
      : operations.write([name], signal, (deadline) => counter.add(name, addition, deadline)))
    watch.wake(name)
    this.#tellWrite(key, 'set')
    return sum
  }

  async decr(key: CounterKey<K, V>, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    return this.incr(key, -delta, options)
  }

  async touch(key: K, options: { ttl: Ttl } & Abortable): Promise<boolean> {
    const [signal, touch] = splitSignal(this.#enter(options))
    checkOptions('the options of touch', touch, ['ttl'])
    const ttl = wholeTtl(touchTtl(touch))
    const { writer } = this.#parts
    if (ttl === 0) return this.#remove(key, signal)
    const last: Together<number | null, boolean> = {
      kind: 'touch',
      item: ttl,
      run: (name) => writer.touchLast(name),
    }
    return this.#write(key, signal, (name, deadline) => writer.touch(name, ttl, deadline), last)
  }

  async delete(key: K, options?: Abortable): Promise<boolean> {
    const signal = signalOf(this.#enter(options))
    const isDeleted = await this.#remove(key, signal)
    if (isDeleted) this.#tellWrite(key, 'delete')
    return isDeleted
  }

  async deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    const signal = signalOf(this.#enter(options))
    const list = [...keys]
    const names = this.#names(list)
    const { bulk } = this.#parts
    const deleted = await this.#writeMany(names, signal, (deadline) => bulk.delete(names, deadline))
    for (const [i, key] of list.entries()) if (deleted[i]) this.#tellWrite(key, 'delete')
    return deleted
  }

  async pop(key: K, options?: Abortable): Promise<V | undefined> {
    return (await this.#take(key, options))?.value as V | undefined
  }

  async popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined> {
    const taken = await this.#take(key, options)
    return taken && entryOf<V>(taken)
  }

  /**
   * Returns a stream of the value's bytes, or `undefined` when there is no live entry. Destroy the stream when you do
   * not read it to its end. It has what was there when it was opened, whatever other processes write meanwhile, and
   * fails with ERR_DISKCACHE_CORRUPT when Redis evicts a part of it. With `start` and `end` it has that part of the
   * bytes, and only the chunks that hold it are fetched.
   */
  async read(key: K, options?: ReadOptions & Abortable): Promise<Readable | undefined> {
    const { streams } = this.#parts
    const [signal, read] = splitSignal(this.#enter(options))
    const range = byteRangeOf(read)
    const stream = await this.#read(key, { signal }, (name, deadline) =>
      streams.read(key, name, range, deadline),
    )
    this.#noteRead(key, stream)
    return stream
  }

  /**
   * Returns the same stream together with the number of bytes of the value and all that was stored beside them, in one
   * step: also while others write, all of it is of the same write.
   */
  async readEntry(key: K, options?: ReadOptions & Abortable): Promise<StreamedEntry | undefined> {
    const { streams } = this.#parts
    const [signal, read] = splitSignal(this.#enter(options))
    const range = byteRangeOf(read)
    const entry = await this.#read(key, { signal }, (name, deadline) =>
      streams.readEntry(key, name, range, deadline),
    )
    this.#noteRead(key, entry)
    return entry
  }

  /**
   * Stores the bytes of a source, and returns whether they were stored. Other processes see the entry when the promise
   * resolves. The entry takes its place in the order of
   * operations when its source ends. An aborted signal ends the source. With `metadata`, a small value is kept beside the
   * bytes, which `readEntry` and `getEntry` give.
   */
  async write(key: K, source: ByteSource, options?: StreamWriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    const writing = this.#upload(key, source, write, signal)
    const forget = () => this.#writing.delete(writing)
    this.#writing.add(writing)
    writing.then(forget, forget)
    return writing
  }

  /**
   * Iterates over the keys, in no order. An entry that exists throughout comes exactly once; what other processes add or
   * remove meanwhile may come or not.
   *
   * @example
   * for await (const key of store.keys({ prefix: 'user ' })) console.log(key)
   *
   * @throws RangeError for `order` and `reverse`
   */
  keys(options: IterateOptions & Abortable = {}): AsyncIterableIterator<K> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#whileOpen(
      this.#parts.iteration.keys(checkIterateOptions(iterate), signal) as AsyncIterable<K>,
    )
  }

  /**
   * Iterates over the values, in no order. An entry that exists throughout comes exactly once; what other processes add
   * or remove meanwhile may come or not.
   *
   * @throws RangeError for `order` and `reverse`
   */
  values(options: IterateOptions & Abortable = {}): AsyncIterableIterator<V> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#whileOpen(
      this.#parts.iteration.values(checkIterateOptions(iterate), signal) as AsyncIterable<V>,
    )
  }

  /**
   * Iterates over `[key, value]`, in no order. An entry that exists throughout comes exactly once; what other processes
   * add or remove meanwhile may come or not.
   *
   * @example
   * for await (const [key, value] of store.entries({ prefix: 'user ' })) console.log(key, value)
   *
   * @throws RangeError for `order` and `reverse`
   */
  entries(options: IterateOptions & Abortable = {}): AsyncIterableIterator<[K, V]> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#whileOpen(
      this.#parts.iteration.entries(checkIterateOptions(iterate), signal) as AsyncIterable<[K, V]>,
    )
  }

  /** Iterates over `[key, value]`, as {@link entries} does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /**
   * Rejects: `getOrSet` is a function of `@diskcache/recipes`, which is a package of its own, and takes any store.
   *
   * @throws TypeError that says how to call it
   * @deprecated Install it with `npm install @diskcache/recipes`, `import { getOrSet } from '@diskcache/recipes'`, and
   * call `getOrSet(store, key, make)`.
   * @hidden
   */
  async getOrSet(this: RecipeHint, ..._args: unknown[]): Promise<unknown> {
    return refuseGetOrSet()
  }

  /**
   * Removes the entries with the tag, or with any of several, or with `{ untagged: true }` those without any, for all processes, and returns how
   * many there were. Redis looks at every name in the database, and at the tags of all entries; one that is written with
   * the tag meanwhile may stay.
   */
  async evict(tag: TagChoice, options?: { prefix?: string | undefined } & Abortable): Promise<number> {
    const [signal, evict] = splitSignal(this.#enter(options))
    const tags = checkTagChoice(tag).map(encodeTagColumn)
    const prefix = prefixOption('evict', evict)
    if (prefix !== undefined) checkKeyPrefix(prefix)
    if (tags.length === 0) return 0
    const { bulk } = this.#parts
    return this.#removeAll(prefix, signal, 'tag', (names, deadline) =>
      bulk.deleteTagged(names, tags, deadline),
    )
  }

  /** Returns 0: Redis removes what has expired by itself. */
  async expire(options?: Abortable): Promise<number> {
    signalOf(this.#enter(options))
    return 0
  }

  /** Returns 0: Redis evicts by itself, as its settings say. */
  async cull(options?: Abortable): Promise<number> {
    signalOf(this.#enter(options))
    return 0
  }

  /**
   * Removes all entries, or those whose key is a string with this beginning, for all processes, and returns how many
   * there were. Redis looks at every name in the database for this.
   */
  async clear(options: { prefix?: string | undefined } & Abortable = {}): Promise<number> {
    const [signal, clear] = splitSignal(this.#enter(options))
    const prefix = prefixOption('clear', clear)
    if (prefix !== undefined) checkKeyPrefix(prefix)
    const { bulk } = this.#parts
    return this.#removeAll(prefix, signal, 'clear', (names, deadline) => bulk.delete(names, deadline))
  }

  /**
   * Returns what is wrong: large values of which a part is missing, parts that no entry refers to, and what stands in
   * the place of an entry and is none. With `fix`, large values that are not whole are removed, and the parts expire
   * within a minute; what is no entry stays. Redis looks at every name in the database for this.
   */
  async check(options: { fix?: boolean | undefined } & Abortable = {}): Promise<Problem[]> {
    const [signal, check] = splitSignal(this.#enter(options))
    checkOptions('the options of check', check, ['fix'])
    const isFixing = checkBoolean('fix', check.fix ?? false)
    return this.#parts.operations.readAll(signal, () => this.#parts.check.run(isFixing, signal))
  }

  /**
   * Returns the hits and misses of all processes that count; those of others lag by at most a second. `enable` switches
   * counting in this process on or off; `reset` begins at 0 after this answer.
   */
  async stats(
    options: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable = {},
  ): Promise<Stats> {
    const [signal, { enable, reset = false, ...rest }] = splitSignal(this.#enter(options))
    checkOptions('the options of stats', rest, ['enable', 'reset'])
    if (enable !== undefined) checkBoolean('enable', enable)
    checkBoolean('reset', reset)
    const { operations, statistics, memory } = this.#parts
    return operations.readAll(signal, async () => {
      const stats = await operations.within(signal, async (deadline) => {
        const stats = await statistics.read(deadline)
        if (reset) await statistics.reset(deadline)
        return stats
      })
      const inMemory = memory?.tier.stats()
      if (reset) memory?.tier.resetStats()
      if (enable !== undefined) statistics.enable(enable)
      return inMemory === undefined ? stats : { ...stats, memory: inMemory }
    })
  }

  /**
   * Returns the bytes of memory that the entries take, as Redis estimates them. Redis looks at every name in the
   * database for this.
   */
  async volume(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#parts.operations.readAll(signal, () => this.#parts.volume.measure(signal))
  }

  /**
   * Resolves when one of the keys may have changed: at once when it was written, and after a second in any case.
   *
   * @throws TypeError when `signal` is missing
   */
  async waitFor(keys: readonly K[], options: { signal: AbortSignal }): Promise<void> {
    const signal = signalOf(this.#enter(options))
    const names = this.#names(keys)
    if (signal === undefined) throw new TypeError('Cannot wait: signal is missing')
    const { watch, memory } = this.#parts
    await watch.wait(names, signal)
    memory?.distrust()
  }

  /**
   * Closes the store when everything that was accepted is done; sources that have not ended are aborted. A client that
   * the caller made stays open. A second call does nothing more.
   */
  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  /** Closes the store, as {@link close} does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Returns the options, if the store can be used. Every operation begins with this. */
  #enter<O>(options: O): O {
    this.#parts.usage.assertUsable(this.#closing === undefined)
    return options
  }

  #entryOptions(write: WriteOptions | undefined): EntryOptions {
    return entryOptions(withDefaultTtl(write, this.#parts.ttl))
  }

  #names(keys: readonly K[]): string[] {
    return keys.map((key) => this.#parts.keys.encode(key))
  }

  #read<T>(
    key: K,
    options: Abortable | undefined,
    task: (name: string, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const signal = signalOf(this.#enter(options))
    const name = this.#parts.keys.encode(key)
    return this.#parts.operations.read([name], signal, (deadline) => task(name, deadline))
  }

  async #readMany<T>(
    keys: Iterable<K>,
    options: Abortable | undefined,
    task: (names: readonly string[], deadline: Deadline) => Promise<T[]>,
  ): Promise<T[]> {
    const signal = signalOf(this.#enter(options))
    const list = [...keys]
    const names = this.#names(list)
    const found = await this.#parts.operations.read(names, signal, (deadline) => task(names, deadline))
    if (this.#parts.statistics.isEnabled || getChannel.hasSubscribers)
      for (const [i, key] of list.entries()) this.#noteRead(key, found[i])
    return found
  }

  async #write<T, I = never>(
    key: K,
    signal: Signal,
    task: (name: string, deadline: Deadline) => Promise<T>,
    together?: Together<I, T>,
  ): Promise<T> {
    const { keys, operations, watch } = this.#parts
    const name = keys.encode(key)
    const result = await (together !== undefined && this.#joins(name, signal)
      ? operations.join(together.kind, name, together.item, together.run(name))
      : operations.write([name], signal, (deadline) => task(name, deadline)))
    watch.wake(name)
    return result
  }

  #remove(key: K, signal: Signal): Promise<boolean> {
    const { writer } = this.#parts
    const once: Together<undefined, boolean> = {
      kind: 'delete',
      item: undefined,
      run: (name) => writer.removeOnce(name),
    }
    return this.#write(key, signal, (name, deadline) => writer.remove(name, deadline), once)
  }

  /** Whether a write has others before it, with which it may be done in one; what may be taken back is done alone. */
  #joins(name: string, signal: Signal): boolean {
    return signal === undefined && !this.#parts.operations.isFree(name)
  }

  async #writeMany<T>(
    names: readonly string[],
    signal: Signal,
    task: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#parts.operations.write(names, signal, task)
    } finally {
      // Also when it fails: some of them may be written.
      this.#parts.watch.wakeAll()
    }
  }

  async #take(key: K, options: Abortable | undefined): Promise<LoadedEntry | undefined> {
    const signal = signalOf(this.#enter(options))
    const { taker } = this.#parts
    const taken = await this.#write(key, signal, (name, deadline) => taker.take(name, deadline))
    if (taken !== undefined) this.#tellWrite(key, 'delete')
    return taken
  }

  async #upload(
    key: K,
    source: ByteSource,
    options: StreamWriteOptions | undefined,
    signal: Signal,
  ): Promise<boolean> {
    checkSource(source)
    const { disk, keys, streams, planner, writer } = this.#parts
    const [metadata, write] = splitMetadata(options)
    const entry = { ...this.#entryOptions(write), metadata: encodeMetadata(disk, metadata) }
    const ends = signal === undefined ? this.#closer.signal : AbortSignal.any([signal, this.#closer.signal])
    if (!streams.keepsStreams) {
      const bytes = await collectBytes(source, planner.limit, ends)
      const planned = bytes && planner.plan(bytes)
      if (planned === undefined) return this.#refuse(key, signal)
      await this.#write(key, signal, (name, deadline) => writer.set(name, planned, entry, deadline))
      this.#tellWrite(key, 'set')
      return true
    }
    const data = await streams.upload(keys.encode(key), source, ends, planner.limit)
    if (data === undefined) return this.#refuse(key, signal)
    await this.#write(key, signal, (name, deadline) =>
      writer.publish(name, { mode: Mode.stream, data }, entry, deadline),
    )
    this.#tellWrite(key, 'set')
    return true
  }

  async #removeAll(
    prefix: string | undefined,
    signal: Signal,
    reason: 'tag' | 'clear',
    remove: RemoveNames,
  ): Promise<number> {
    const { removal, keys, watch, memory } = this.#parts
    const count = await removal
      .run(keys.entryPattern(prefix), keys.hasPrefix(prefix), signal, remove)
      .finally(() => memory?.forgetLost())
    watch.wakeAll()
    if (evictChannel.hasSubscribers) evictChannel.publish({ store: this.#parts.prefix, reason, count })
    return count
  }

  async *#whileOpen<T>(items: AsyncIterable<T>): AsyncGenerator<T, undefined, undefined> {
    for await (const item of items) {
      this.#enter(undefined)
      yield item
    }
  }

  #noteRead(key: K, found: unknown): void {
    const { statistics, prefix } = this.#parts
    const isHit = found !== undefined
    statistics.note(isHit)
    if (!getChannel.hasSubscribers) return
    getChannel.publish({ store: prefix, key, reason: isHit ? 'hit' : 'miss' })
  }

  #tellWrite(key: K, reason: 'set' | 'delete'): void {
    if (setChannel.hasSubscribers) setChannel.publish({ store: this.#parts.prefix, key, reason })
  }

  async #finish(): Promise<void> {
    const { operations, watch, connection } = this.#parts
    this.#closer.abort(closedError())
    watch.close()
    using deadline = operations.step()
    // What Redis does not answer within the time fails with its connection, or at the end of its own time.
    await deadline.race(this.#settle()).catch(() => {})
    await connection.close(deadline)
  }

  async #settle(): Promise<void> {
    const { operations, statistics, background } = this.#parts
    await Promise.allSettled(this.#writing)
    await operations.idle()
    background.start((deadline) => statistics.flush(deadline))
    await background.settled()
  }
}
