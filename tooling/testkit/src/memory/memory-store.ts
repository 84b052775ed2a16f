import type { Readable } from 'node:stream'
import { serialize } from 'node:v8'
import {
  type Abortable,
  type AsyncCapabilities,
  AsyncNamespace,
  type AsyncStore,
  type ByteSource,
  byteRangeOf,
  type Change,
  type Column,
  type CounterOptions,
  checkChange,
  checkCounter,
  checkFunction,
  checkOptions,
  checkSource,
  checkTagChoice,
  checkTagFilter,
  checkTtl,
  collectBytes,
  columnToTag,
  counterSum,
  DEFAULT_TTL,
  Disk,
  DiskCacheError,
  decodeMetadata,
  distinctTags,
  drawTtl,
  type Entry,
  encodeCanonicalKey,
  encodeMetadata,
  type GetOptions,
  type IterateOptions,
  isSameTag,
  type Key,
  type NamespaceOptions,
  NamespaceScope,
  type Pin,
  type Problem,
  prefixOption,
  type ReadOptions,
  type Stats,
  type StreamedEntry,
  type StreamWriteOptions,
  signalOf,
  splitGetOptions,
  splitMetadata,
  splitSignal,
  type Tag,
  type TagChoice,
  type Ttl,
  tagToColumn,
  touchTtl,
  UsageGuard,
  valueStream,
  WRITE_OPTION_NAMES,
  type WriteOptions,
  withCommonOptions,
  withDefaultTtl,
} from '@diskcache/core'

/** One entry of a {@link MemoryStore}. It is never altered, only replaced. */
export interface MemoryRow {
  readonly key: Key
  readonly value: unknown
  /** Epoch milliseconds; `Infinity` when the entry never expires. */
  readonly expireTime: number
  readonly tags: readonly Tag[]
  readonly pin: Pin
  /** What `write` was given beside the bytes, encoded. */
  readonly metadata?: Buffer | undefined
}

/** What several stores share, as processes share a directory. */
export class Memory {
  /** The entries, by a text that is the same for equal keys. */
  readonly rows: Map<string, MemoryRow>
  /** Called after every change. */
  readonly watchers = new Set<() => void>()
  isStatisticsOn = false
  hits = 0
  misses = 0

  /** Begins with these rows; an engine that keeps them elsewhere hands in a `Map` which does that. */
  constructor(rows: Map<string, MemoryRow> = new Map()) {
    this.rows = rows
  }
}

export interface MemoryStoreOptions {
  /** The time to live of writes that give none; for ever by default. */
  readonly ttl?: Ttl | undefined
  /** Returns epoch milliseconds; `Date.now` by default. */
  readonly clock?: () => number
  /** What it shares with other stores; by default a memory of its own. */
  readonly memory?: Memory
  /** Whether it has `waitFor`; `true` by default. */
  readonly watch?: boolean
  /** The largest value that is stored, in bytes as `node:v8` serializes it; 1,000,000 by default. */
  readonly sizeLimit?: number
}

const ITERATE_OPTION_NAMES = ['order', 'reverse', 'prefix', 'tag', 'untagged', 'foreign']

/**
 * An `AsyncStore` in memory, for tests: it does what the interface promises, and nothing that only SQLite can do. It runs
 * the callback of `update` twice, the first time with an entry that is outdated, as an optimistic engine may.
 */
export class MemoryStore implements AsyncStore {
  readonly capabilities: AsyncCapabilities
  readonly #memory: Memory
  readonly #clock: () => number
  readonly #sizeLimit: number
  readonly #ttl: Ttl | undefined
  readonly #usage = new UsageGuard()
  readonly #waits = new Set<() => void>()
  /** Resolves when all earlier operations are done. */
  #last: Promise<void> = Promise.resolve()
  #isOpen = true
  readonly waitFor?: (keys: readonly Key[], options: { signal: AbortSignal }) => Promise<void>

  constructor({
    clock = () => Date.now(), // looked up at each call, as fake timers replace it while the store is open
    memory = new Memory(),
    watch = true,
    sizeLimit = 1e6,
    ttl,
  }: MemoryStoreOptions = {}) {
    this.#clock = clock
    this.#memory = memory
    this.#sizeLimit = sizeLimit
    this.#ttl = ttl === undefined ? undefined : checkTtl(ttl)
    if (watch) this.waitFor = (keys, options) => this.#waitFor(keys, options)
    this.capabilities = {
      snapshot: true,
      atomicTransact: false,
      orders: [],
      onBusy: 'throw',
      transact: false,
      streams: false,
      watch,
    }
  }

  /** The time to live of writes that give none, for recipes. */
  get [DEFAULT_TTL](): Ttl | undefined {
    return this.#ttl
  }

  namespace<K extends Key = Key, V = unknown>(name: string, options?: NamespaceOptions): AsyncStore<K, V> {
    this.#usage.assertUsable(this.#isOpen)
    return new AsyncNamespace<K, V>(this, NamespaceScope.of(name, options))
  }

  async count(options: { prefix?: string | undefined } & Abortable = {}): Promise<number> {
    const [signal, count] = splitSignal(options)
    const prefix = prefixOption('count', count) ?? ''
    return this.#run(
      signal,
      () => [...this.#memory.rows.values()].filter(({ key }) => hasPrefix(key, prefix)).length,
    )
  }

  async get(key: Key, options?: GetOptions & Abortable): Promise<unknown> {
    return (await this.getEntry(key, options))?.value
  }

  async getEntry(key: Key, options?: GetOptions & Abortable): Promise<Entry<unknown> | undefined> {
    const [signal, recency] = splitGetOptions(options)
    // It has no memory beside what it stores.
    return this.#run(signal, () => (recency === 'stale' ? undefined : this.#read(key)))
  }

  async getMany(keys: Iterable<Key>, options?: Abortable): Promise<unknown[]> {
    return (await this.getEntries(keys, options)).map((entry) => entry?.value)
  }

  async getEntries(keys: Iterable<Key>, options?: Abortable): Promise<(Entry<unknown> | undefined)[]> {
    const list = [...keys]
    return this.#run(signalOf(options), () => list.map((key) => this.#read(key)))
  }

  async has(key: Key, options?: Abortable): Promise<boolean> {
    return this.#run(signalOf(options), () => this.#live(key) !== undefined)
  }

  async hasMany(keys: Iterable<Key>, options?: Abortable): Promise<boolean[]> {
    const list = [...keys]
    return this.#run(signalOf(options), () => list.map((key) => this.#live(key) !== undefined))
  }

  async set(key: Key, value: unknown, options?: WriteOptions & Abortable): Promise<boolean> {
    const [[stored]] = await Promise.all([this.setMany([[key, value]], options)])
    return stored ?? false
  }

  async setMany(
    entries: Iterable<readonly [Key, unknown, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]> {
    const [signal, common] = splitSignal(options)
    const rows = Array.from(entries, ([key, value, own]) =>
      this.#row(key, value, withCommonOptions(own, common)),
    )
    return this.#run(signal, () => rows.map((row) => this.#putOrForget(row)))
  }

  async add(key: Key, value: unknown, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(options)
    const row = this.#row(key, value, write)
    return this.#run(signal, () => this.#live(key) === undefined && this.#isLive(row) && this.#put(row))
  }

  async update(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
    options?: Abortable,
  ): Promise<Entry<unknown> | undefined> {
    checkFunction('change', change)
    return this.#run(signalOf(options), () => this.#change(key, change))
  }

  async incr(key: Key, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    const [signal, counter] = splitSignal(options)
    const { initial, write } = checkCounter(delta, counter)
    return this.#run(signal, () => this.#count(key, delta, initial, write))
  }

  async decr(key: Key, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    return this.incr(key, -delta, options)
  }

  async touch(key: Key, options: { ttl: Ttl } & Abortable): Promise<boolean> {
    const [signal, touch] = splitSignal(options)
    const ttl = drawTtl(checkTtl(touchTtl(touch)))
    return this.#run(signal, () => {
      const row = this.#live(key)
      if (row !== undefined)
        this.#memory.rows.set(identityOf(key), { ...row, expireTime: this.#clock() + ttl })
      return row !== undefined
    })
  }

  async delete(key: Key, options?: Abortable): Promise<boolean> {
    return this.#run(signalOf(options), () => this.#remove(key))
  }

  async deleteMany(keys: Iterable<Key>, options?: Abortable): Promise<boolean[]> {
    const list = [...keys]
    return this.#run(signalOf(options), () => list.map((key) => this.#remove(key)))
  }

  async pop(key: Key, options?: Abortable): Promise<unknown> {
    return (await this.popEntry(key, options))?.value
  }

  async popEntry(key: Key, options?: Abortable): Promise<Entry<unknown> | undefined> {
    return this.#run(signalOf(options), () => {
      const entry = this.#entry(this.#live(key))
      this.#remove(key)
      return entry
    })
  }

  async read(key: Key, options?: ReadOptions & Abortable): Promise<Readable | undefined> {
    return (await this.readEntry(key, options))?.stream
  }

  async readEntry(key: Key, options?: ReadOptions & Abortable): Promise<StreamedEntry | undefined> {
    const [signal, read] = splitSignal(options)
    const range = byteRangeOf(read)
    return this.#run(signal, () => {
      const entry = this.#read(key)
      if (entry === undefined) return undefined
      const { value, ...rest } = entry
      return { ...valueStream(key, value, range), ...rest }
    })
  }

  /** Stores the bytes of a source, which it collects: it has nothing but memory. */
  async write(key: Key, source: ByteSource, options?: StreamWriteOptions & Abortable): Promise<boolean> {
    const [signal, given] = splitSignal(options)
    checkSource(source)
    const [own, write] = splitMetadata(given)
    const metadata = encodeMetadata(disk, own)
    this.#row(key, null, write)
    const bytes = await collectBytes(source, this.#sizeLimit, signal)
    return this.#run(signal, () => {
      if (bytes !== undefined) return this.#putOrForget({ ...this.#row(key, bytes, write), metadata })
      this.#remove(key)
      return false
    })
  }

  async *keys(options: IterateOptions & Abortable = {}): AsyncGenerator<Key, undefined, undefined> {
    for await (const [key] of this.entries(options)) yield key
  }

  async *values(options: IterateOptions & Abortable = {}): AsyncGenerator<unknown, undefined, undefined> {
    for await (const [, value] of this.entries(options)) yield value
  }

  async *entries(
    options: IterateOptions & Abortable = {},
  ): AsyncGenerator<[Key, unknown], undefined, undefined> {
    const [signal, iterate] = splitSignal(options)
    checkOptions('the options of an iteration', iterate, ITERATE_OPTION_NAMES)
    const { prefix = '' } = iterate
    const tag = checkTagFilter(iterate)
    yield* await this.#run(signal, () =>
      this.#liveRows()
        .filter(({ key, tags }) => hasPrefix(key, prefix) && (tag === undefined || hasTag(tags, tag)))
        .map(({ key, value }): [Key, unknown] => [key, kept(value)]),
    )
  }

  [Symbol.asyncIterator](): AsyncGenerator<[Key, unknown], undefined, undefined> {
    return this.entries()
  }

  async evict(tag: TagChoice, options: { prefix?: string | undefined } & Abortable = {}): Promise<number> {
    const columns = checkTagChoice(tag)
    const [signal, evict] = splitSignal(options)
    const prefix = prefixOption('evict', evict) ?? ''
    const isMeant = ({ key, tags }: { key: Key; tags: readonly Tag[] }) =>
      hasPrefix(key, prefix) && columns.some((column) => hasTag(tags, column))
    return this.#run(signal, () => this.#removeIf(isMeant))
  }

  async expire(options?: Abortable): Promise<number> {
    return this.#run(signalOf(options), () => this.#removeIf((row) => !this.#isLive(row)))
  }

  async cull(options?: Abortable): Promise<number> {
    return this.expire(options)
  }

  async clear(options: { prefix?: string | undefined } & Abortable = {}): Promise<number> {
    const [signal, clear] = splitSignal(options)
    const prefix = prefixOption('clear', clear) ?? ''
    return this.#run(signal, () => this.#removeIf(({ key }) => hasPrefix(key, prefix)))
  }

  async check(options: { fix?: boolean | undefined } & Abortable = {}): Promise<Problem[]> {
    return this.#run(splitSignal(options)[0], () => [])
  }

  async stats(
    options: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable = {},
  ): Promise<Stats> {
    const [signal, { enable, reset }] = splitSignal(options)
    return this.#run(signal, () => {
      const memory = this.#memory
      const { hits, misses } = memory
      memory.isStatisticsOn = enable ?? memory.isStatisticsOn
      if (reset) memory.hits = memory.misses = 0
      return { hits, misses, dropped: 0 }
    })
  }

  async volume(options?: Abortable): Promise<number> {
    return this.#run(signalOf(options), () => serialize([...this.#memory.rows]).length)
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#last
    for (const wake of this.#waits) wake()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** One operation after the other, each in a turn of its own. */
  async #run<T>(signal: AbortSignal | undefined, task: () => T): Promise<T> {
    this.#usage.assertUsable(this.#isOpen)
    const result = this.#last.then(() => {
      signal?.throwIfAborted()
      return task()
    })
    this.#last = result.then(
      () => {},
      () => {},
    )
    return result
  }

  #waitFor(keys: readonly Key[], { signal }: { signal: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#usage.assertUsable(this.#isOpen)
      for (const key of keys) encodeCanonicalKey(key)
      signal.throwIfAborted()
      const end = () => {
        this.#memory.watchers.delete(wake)
        this.#waits.delete(wake)
        signal.removeEventListener('abort', abort)
      }
      const wake = () => {
        end()
        resolve()
      }
      const abort = () => {
        end()
        reject(signal.reason)
      }
      this.#memory.watchers.add(wake)
      this.#waits.add(wake)
      signal.addEventListener('abort', abort)
    })
  }

  #read(key: Key): Entry<unknown> | undefined {
    const row = this.#live(key)
    const memory = this.#memory
    if (memory.isStatisticsOn) row === undefined ? memory.misses++ : memory.hits++
    return this.#entry(row)
  }

  #live(key: Key): MemoryRow | undefined {
    const row = this.#memory.rows.get(identityOf(key))
    return row !== undefined && this.#isLive(row) ? row : undefined
  }

  #isLive({ expireTime }: MemoryRow): boolean {
    return expireTime > this.#clock()
  }

  #liveRows(): MemoryRow[] {
    return [...this.#memory.rows.values()].filter((row) => this.#isLive(row))
  }

  #entry(row: MemoryRow | undefined): Entry<unknown> | undefined {
    if (row === undefined) return undefined
    const { value, expireTime, tags, metadata } = row
    const entry = { value: kept(value), expireTime: expireTime === Infinity ? null : expireTime, tags }
    return metadata === undefined ? entry : { ...entry, metadata: decodeMetadata(disk, metadata) }
  }

  #row(key: Key, value: unknown, options: WriteOptions = {}): MemoryRow {
    checkOptions('the write options', options, WRITE_OPTION_NAMES)
    identityOf(key)
    const { ttl = Infinity, tag, pin = false } = withDefaultTtl(options, this.#ttl) ?? {}
    const expireTime = this.#clock() + drawTtl(checkTtl(ttl))
    return { key, value: kept(value), expireTime, tags: tagsOf(tag), pin }
  }

  /** Stores the row like {@link #put}; when it is too large, what it was to replace goes. */
  #putOrForget(row: MemoryRow): boolean {
    const isStored = this.#put(row)
    if (!isStored) this.#remove(row.key)
    return isStored
  }

  /** Stores the row, and returns whether it was small enough. */
  #put(row: MemoryRow): boolean {
    if (serialize(row.value).length > this.#sizeLimit) return false
    const id = identityOf(row.key)
    if (this.#isLive(row)) this.#memory.rows.set(id, row)
    else this.#memory.rows.delete(id)
    this.#wake()
    return true
  }

  #remove(key: Key): boolean {
    const wasLive = this.#live(key) !== undefined
    this.#memory.rows.delete(identityOf(key))
    this.#wake()
    return wasLive
  }

  #removeIf(isDoomed: (row: MemoryRow) => boolean): number {
    const doomed = [...this.#memory.rows.values()].filter(isDoomed)
    for (const { key } of doomed) this.#remove(key)
    return doomed.length
  }

  #wake(): void {
    for (const wake of [...this.#memory.watchers]) wake()
  }

  #change(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
  ): Entry<unknown> | undefined {
    const row = this.#live(key)
    const now = this.#clock()
    const decide = (entry: Entry<unknown> | undefined) => this.#usage.runCallback(() => change(entry, now))
    checkChange(decide(undefined))
    const decision = checkChange(decide(this.#entry(row)))
    if ('keep' in decision) return this.#entry(row)
    if ('delete' in decision) this.#remove(key)
    else this.#putOrThrow(this.#changed(key, row, decision))
    return this.#entry(this.#live(key))
  }

  /** What the change leaves out stays as it was. */
  #changed(
    key: Key,
    row: MemoryRow | undefined,
    { set, ttl, tag, pin }: Extract<Change<unknown>, { set: unknown }>,
  ): MemoryRow {
    const fresh = this.#row(key, set, { ttl, tag, pin })
    if (row === undefined) return fresh
    return {
      ...fresh,
      expireTime: ttl === undefined ? row.expireTime : fresh.expireTime,
      tags: tag === undefined ? row.tags : fresh.tags,
      pin: pin ?? row.pin,
    }
  }

  #putOrThrow(row: MemoryRow): void {
    if (this.#put(row)) return
    throw new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', 'Cannot store the value: it is too large')
  }

  #count(key: Key, delta: number, initial: number | null, write: WriteOptions): number {
    const row = this.#live(key)
    const sum = counterSum(key, row, initial, delta)
    this.#put(row === undefined ? this.#row(key, sum, write) : { ...row, value: sum })
    return sum
  }
}

function identityOf(key: Key): string {
  return encodeCanonicalKey(key).toString('latin1')
}

function hasPrefix(key: Key, prefix: string): boolean {
  return prefix === '' || (typeof key === 'string' && key.startsWith(prefix))
}

function tagsOf(tag: WriteOptions['tag']): readonly Tag[] {
  return tag === undefined ? [] : distinctTags(tag).map(columnToTag)
}

/** Whether the tag is among these, or, where it is `null`, there is none. */
function hasTag(tags: readonly Tag[], wanted: Column): boolean {
  if (wanted === null) return tags.length === 0
  return tags.some((tag) => isSameTag(tagToColumn(tag), wanted))
}

const disk = new Disk()

/** A copy, as it would come back from a disk. */
function kept(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value)
  const { mode, data } = disk.encodeValue(value)
  return disk.decodeValue(mode, data)
}
