import type { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import {
  type Abortable,
  type AsyncCapabilities,
  type AsyncStore,
  type ByteSource,
  type Change,
  type CounterOptions,
  checkFunction,
  checkOptions,
  checkString,
  DiskCacheError,
  type Entry,
  hasCode,
  type IterateOptions,
  type Key,
  type KeyColumns,
  type KeyedEntry,
  type PageRow,
  type Problem,
  type QueueOptions,
  type Stats,
  type Store,
  type Tag,
  type WriteOptions,
} from '@diskcache/core'
import type { OpenedEntry } from './async-value-reader.ts'
import type { CacheParts } from './cache-parts.ts'
import { ChangeWatch } from './change-watch.ts'
import type { Command } from './command.ts'
import { CommandQueue } from './command-queue.ts'
import type { Batch } from './eviction.ts'
import { isSkippedEntry, isSkippedKey, PAGE } from './iteration.ts'
import { withRetry } from './lock-retry.ts'
import { checkWalk, columnsOf, Pager, type Walk } from './pager.ts'
import { signalOf, splitSignal } from './signal-option.ts'
import { SnapshotRead } from './snapshot-read.ts'
import type { LoadedEntry } from './value-reader.ts'
import { entryOf, tagColumn } from './write-options.ts'

const CAPABILITIES: AsyncCapabilities = Object.freeze({
  snapshot: true,
  atomicTransact: true,
  insertionOrder: true,
  onBusy: 'throw',
  order: 'insertion',
  transact: true,
  streams: true,
  tags: 'one',
  watch: true,
})

type QueueEntry<V> = KeyedEntry<number | string, V> | undefined

/**
 * The promise face of a cache. It never blocks the event loop while another process writes, and commits the writes of
 * one turn of the loop together. Operations on one key keep their order; one that concerns many keys waits for all
 * earlier writes. Every method takes a `signal`: an aborted operation has no effect, or has taken full effect.
 */
export class AsyncCache<K extends Key = Key, V = unknown> implements AsyncStore<K, V> {
  readonly #store: Store<K, V>
  readonly #parts: CacheParts
  readonly #timeout: number
  readonly #commands: CommandQueue
  readonly #watch: ChangeWatch
  /** Aborted by `close()`, to end sources that are still being written. */
  readonly #closer = new AbortController()
  /** What was accepted and is not pending: sources that are being written, files that are being read. */
  readonly #unfinished = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(store: Store<K, V>, parts: CacheParts, timeout: number) {
    this.#store = store
    this.#parts = parts
    this.#timeout = timeout
    this.#commands = new CommandQueue(parts.cache, parts.writer, { timeout })
    this.#watch = new ChangeWatch(parts.cache.directory)
  }

  get capabilities(): AsyncCapabilities {
    return CAPABILITIES
  }

  /** Number of rows, expired ones included. */
  async count(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#readAll(() => this.#store.size, signal)
  }

  async get(key: K, options?: Abortable): Promise<V | undefined> {
    const signal = signalOf(this.#enter(options))
    return (await this.#load(this.#parts.items.columns(key), signal))?.value as V | undefined
  }

  async getEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined> {
    const signal = signalOf(this.#enter(options))
    return toEntry<V>(await this.#load(this.#parts.items.columns(key), signal))
  }

  async getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]> {
    const signal = signalOf(this.#enter(options))
    const loaded = await this.#track(this.#loadMany(this.#parts.bulk.columns(keys), signal))
    return loaded.map((entry) => entry?.value as V | undefined)
  }

  async getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]> {
    const signal = signalOf(this.#enter(options))
    const loaded = await this.#track(this.#loadMany(this.#parts.bulk.columns(keys), signal))
    return loaded.map((entry) => toEntry<V>(entry))
  }

  async has(key: K, options?: Abortable): Promise<boolean> {
    const signal = signalOf(this.#enter(options))
    const columns = this.#parts.items.columns(key)
    return this.#read(columns, () => this.#parts.items.has(columns), signal)
  }

  async hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    const signal = signalOf(this.#enter(options))
    const columns = this.#parts.bulk.columns(keys)
    return this.#readAll(() => this.#parts.bulk.has(columns), signal)
  }

  async set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.items.set(key, value, write), signal)
  }

  async setMany(
    entries: Iterable<readonly [K, V, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]> {
    const [signal, write] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.bulk.set(entries, write), signal)
  }

  async add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.items.add(key, value, write), signal)
  }

  async update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined> {
    const signal = signalOf(this.#enter(options))
    checkFunction('change', change)
    const command = this.#parts.items.update(key, change as Parameters<CacheParts['items']['update']>[1])
    return this.#run(command as Command<Entry<V> | undefined>, signal)
  }

  async incr(key: K, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    const [signal, counter] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.counter.add(key, delta, counter), signal)
  }

  async decr(key: K, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    const [signal, counter] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.counter.add(key, -delta, counter), signal)
  }

  async touch(key: K, options: { ttl: number } & Abortable): Promise<boolean> {
    const [signal, touch] = splitSignal(this.#enter(options))
    checkOptions('the options of touch', touch, ['ttl'])
    if (touch.ttl === undefined)
      throw new TypeError('Cannot touch: ttl is missing; Infinity removes the expiry')
    return this.#run(this.#parts.items.touch(key, touch.ttl), signal)
  }

  async delete(key: K, options?: Abortable): Promise<boolean> {
    const signal = signalOf(this.#enter(options))
    return this.#run(this.#parts.items.delete(key), signal)
  }

  async deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    const signal = signalOf(this.#enter(options))
    return this.#run(this.#parts.bulk.delete(keys), signal)
  }

  async pop(key: K, options?: Abortable): Promise<V | undefined> {
    const signal = signalOf(this.#enter(options))
    return (await this.#pop(key, signal))?.value as V | undefined
  }

  async popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined> {
    const signal = signalOf(this.#enter(options))
    return toEntry<V>(await this.#pop(key, signal))
  }

  /** Destroy the stream when you do not read it to its end: it holds a file descriptor. */
  async read(key: K, options?: Abortable): Promise<Readable | undefined> {
    const signal = signalOf(this.#enter(options))
    const columns = this.#parts.items.columns(key)
    return this.#read(columns, () => this.#parts.streams.read(key), signal)
  }

  /** The entry takes its place in the order when its source ends. An aborted signal ends the source. */
  async write(key: K, source: ByteSource, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    const ends = signal === undefined ? this.#closer.signal : AbortSignal.any([signal, this.#closer.signal])
    const commit = (command: Command<boolean>, prepared: Parameters<CacheParts['writer']['put']>[1]) =>
      this.#commands.submit(command, signal, [prepared])
    const written = this.#parts.streams.write(key, source, write, commit, ends)
    return this.#track(written)
  }

  async push(value: V, options: QueueOptions & WriteOptions & Abortable = {}): Promise<number | string> {
    const [signal, push] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.queue.push(value, push), signal)
  }

  async pull(options: QueueOptions & Abortable = {}): Promise<QueueEntry<V>> {
    const [signal, pull] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.queue.pull(pull) as Command<QueueEntry<V>>, signal)
  }

  async peek(options: QueueOptions & Abortable = {}): Promise<QueueEntry<V>> {
    const [signal, peek] = splitSignal(this.#enter(options))
    return this.#run(this.#parts.queue.peek(peek) as Command<QueueEntry<V>>, signal)
  }

  async peekItem(
    options: { last?: boolean | undefined } & Abortable = {},
  ): Promise<KeyedEntry<K, V> | undefined> {
    const [signal, peek] = splitSignal(this.#enter(options))
    checkOptions('the options of peekItem', peek, ['last'])
    return this.#readAll(() => this.#parts.iteration.edge(peek.last ?? true), signal) as Promise<
      KeyedEntry<K, V> | undefined
    >
  }

  keys(options: IterateOptions & Abortable = {}): AsyncIterableIterator<K> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#keys(checkWalk(iterate), signal)
  }

  values(options: IterateOptions & Abortable = {}): AsyncIterableIterator<V> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#values(checkWalk(iterate), signal)
  }

  entries(options: IterateOptions & Abortable = {}): AsyncIterableIterator<[K, V]> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#entries(checkWalk(iterate), signal)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /** Runs a synchronous body with the synchronous face, as one transaction, when everything before it is done. */
  async transact<T>(body: (store: Store<K, V>) => T, options?: Abortable): Promise<T> {
    const signal = signalOf(this.#enter(options))
    checkFunction('body', body)
    return this.#commands.barrier(() => this.#transact(body, signal), signal)
  }

  async evict(tag: Tag, options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    const column = tagColumn(tag)
    return this.#remove(() => this.#parts.eviction.evict(column), signal)
  }

  async expire(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#remove(() => this.#parts.eviction.expire(this.#parts.cache.now()), signal)
  }

  async cull(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#remove(() => this.#parts.eviction.cull(this.#parts.cache.now()), signal)
  }

  async clear(options: { prefix?: string | undefined } & Abortable = {}): Promise<number> {
    const [signal, clear] = splitSignal(this.#enter(options))
    checkOptions('the options of clear', clear, ['prefix'])
    const { prefix } = clear
    if (prefix !== undefined) checkString('prefix', prefix)
    return this.#remove(() => this.#parts.eviction.clear(prefix), signal)
  }

  /** Reads the whole database in one go, and blocks the event loop meanwhile: a thing for maintenance. */
  async check(options: { fix?: boolean | undefined } & Abortable = {}): Promise<Problem[]> {
    const [signal, check] = splitSignal(this.#enter(options))
    return this.#exclusive(() => this.#store.check(check), signal)
  }

  async stats(
    options: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable = {},
  ): Promise<Stats> {
    const [signal, stats] = splitSignal(this.#enter(options))
    return this.#exclusive(() => this.#store.stats(stats), signal)
  }

  async volume(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#readAll(() => this.#store.volume(), signal)
  }

  /** Resolves when something in the cache has changed, perhaps one of the keys. */
  async waitFor(keys: readonly K[], options: { signal: AbortSignal }): Promise<void> {
    const signal = signalOf(this.#enter(options))
    for (const key of keys) this.#parts.items.columns(key)
    if (signal === undefined) throw new TypeError('Cannot wait: signal is missing')
    return this.#watch.wait(signal)
  }

  /** Closes both faces when everything that was accepted is done; sources that have not ended are aborted. */
  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The synchronous face was closed: what is not committed yet rejects. */
  abandon(): void {
    this.#closing ??= Promise.resolve()
    this.#closer.abort(closed())
    this.#commands.abandon(closed())
    this.#watch.wake()
  }

  /** Every operation begins with this; gives the options back. */
  #enter<O>(options: O): O {
    if (this.#closing !== undefined) throw closed()
    this.#parts.cache.enter()
    return options
  }

  async #finish(): Promise<void> {
    this.#closer.abort(closed())
    await this.#commands.idle()
    await Promise.allSettled(this.#unfinished)
    // A source may have ended, and been accepted, just before.
    await this.#commands.idle()
    this.#store.close()
  }

  async #run<T>(command: Command<T>, signal: AbortSignal | undefined): Promise<T> {
    const known = this.#shortcut(command)
    if (known !== undefined) return known.result
    const result = await this.#commands.submit(command, signal)
    this.#watch.wake()
    return result
  }

  /** The result of a command that needs no lock, if nothing has to be waited for first. */
  #shortcut<T>({ shortcut, lanes }: Command<T>): { result: T } | undefined {
    if (shortcut === undefined || lanes.some((lane) => this.#mustWait(lane))) return undefined
    return this.#attempt(shortcut)?.result
  }

  #mustWait(lane: Parameters<CommandQueue['isPending']>[0]): boolean {
    return this.#commands.isPending(lane) || this.#parts.cache.directory.connection.inTransaction
  }

  /** Runs something that only reads; `undefined` when the database is busy. */
  #attempt<T>(task: () => T): { result: T } | undefined {
    try {
      return { result: this.#parts.cache.directory.connection.withoutWaiting(task) }
    } catch (error) {
      if (hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) return undefined
      throw error
    }
  }

  /** Lets `close()` wait for what goes on without being pending. */
  #track<T>(promise: Promise<T>): Promise<T> {
    this.#unfinished.add(promise)
    const forget = () => this.#unfinished.delete(promise)
    promise.then(forget, forget)
    return promise
  }

  /** Reads at once, or, when something is pending on the key, in its turn. */
  async #read<T>(columns: KeyColumns, task: () => T, signal: AbortSignal | undefined): Promise<T> {
    const done = this.#mustWait(columns) ? undefined : this.#attempt(task)
    if (done !== undefined) return done.result
    return this.#commands.submit({ lanes: [columns], values: [], isRead: true, apply: task }, signal)
  }

  /** Reads many at once, or when everything before is done. */
  async #readAll<T>(task: () => T, signal: AbortSignal | undefined): Promise<T> {
    const isFree = this.#commands.isEmpty && !this.#parts.cache.directory.connection.inTransaction
    const done = isFree ? this.#attempt(task) : undefined
    return done === undefined ? this.#exclusive(task, signal) : done.result
  }

  #exclusive<T>(task: () => T, signal: AbortSignal | undefined): Promise<T> {
    return this.#commands.barrier(() => this.#retry(task, signal), signal)
  }

  #retry<T>(task: () => T, signal: AbortSignal | undefined): Promise<T> {
    const { connection, path } = this.#parts.cache.directory
    return withRetry(connection, { store: path, timeout: this.#timeout, signal }, task)
  }

  async #load(columns: KeyColumns, signal: AbortSignal | undefined): Promise<LoadedEntry | undefined> {
    const { cache, asyncReader } = this.#parts
    const opened = await this.#read(columns, () => asyncReader.open(columns, cache.now()), signal)
    const loaded = opened && (await this.#finishLoad(opened))
    cache.noteRead(columns, loaded?.row.rowid, cache.now())
    return loaded
  }

  #finishLoad(opened: OpenedEntry): Promise<LoadedEntry | undefined> {
    const loading = this.#parts.asyncReader.load(opened)
    return opened.descriptor === undefined ? loading : this.#track(loading)
  }

  async #loadMany(
    columns: readonly KeyColumns[],
    signal: AbortSignal | undefined,
  ): Promise<(LoadedEntry | undefined)[]> {
    const { cache, bulk, asyncReader } = this.#parts
    const snapshot = new SnapshotRead(cache.directory, columns)
    for (;;) {
      const rows = await this.#readAll(() => snapshot.take(cache.now()), signal)
      const values: unknown[] = []
      for (const [i, row] of rows.entries()) {
        values.push(row && (await asyncReader.decode(row, columns[i] as KeyColumns)))
      }
      if (snapshot.accepts(values)) return bulk.finish(columns, rows, values)
    }
  }

  async #loadRow(
    key: KeyColumns,
    row: OpenedEntry['row'],
    signal: AbortSignal | undefined,
  ): Promise<LoadedEntry | undefined> {
    const { cache, asyncReader } = this.#parts
    const opened = await this.#retry(() => asyncReader.openRow(key, cache.now(), row), signal)
    return opened && asyncReader.load(opened)
  }

  async #pop(key: K, signal: AbortSignal | undefined): Promise<LoadedEntry | undefined> {
    const { cache, asyncReader, items } = this.#parts
    const columns = items.columns(key)
    const apply = (_: unknown, now: number) => {
      const opened = asyncReader.open(columns, now)
      if (opened !== undefined) {
        asyncReader.closeOnRollback(opened)
        cache.directory.remove(opened.row)
      }
      return opened
    }
    const opened = await this.#run({ lanes: [columns], values: [], apply }, signal)
    return opened && this.#finishLoad(opened)
  }

  async *#keys(walk: Walk, signal: AbortSignal | undefined): AsyncGenerator<K, undefined, undefined> {
    for await (const rows of this.#pages(this.#parts.cache.directory.keyPages, walk, signal)) {
      for (const row of rows) if (!isSkippedKey(row, walk)) yield this.#parts.iteration.key(row) as K
    }
  }

  async *#values(walk: Walk, signal: AbortSignal | undefined): AsyncGenerator<V, undefined, undefined> {
    for await (const [, value] of this.#entries(walk, signal)) yield value
  }

  async *#entries(walk: Walk, signal: AbortSignal | undefined): AsyncGenerator<[K, V], undefined, undefined> {
    for await (const rows of this.#pages(this.#parts.cache.directory.entryPages, walk, signal)) {
      for (const row of rows) {
        if (isSkippedEntry(row, walk)) continue
        this.#parts.cache.enter()
        const loaded = await this.#loadRow(columnsOf(row), row, signal)
        if (loaded !== undefined) yield [this.#parts.iteration.key(row) as K, loaded.value as V]
      }
    }
  }

  async *#pages(
    pages: ConstructorParameters<typeof Pager>[1],
    walk: Walk,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<PageRow[]> {
    await this.#commands.settled()
    const pager = new Pager(this.#parts.cache, pages, walk, PAGE)
    for (;;) {
      const rows = await this.#retry(() => pager.next(), signal)
      if (rows === undefined) return
      yield rows
    }
  }

  /** The body runs once: after it has begun, nothing has to be waited for. */
  async #transact<T>(body: (store: Store<K, V>) => T, signal: AbortSignal | undefined): Promise<T> {
    const { connection } = this.#parts.cache.directory
    let outcome: { result: T } | { error: unknown } | undefined
    const attempt = () =>
      connection.transact(() => {
        try {
          outcome = { result: body(this.#store) }
          return outcome.result
        } catch (error) {
          outcome = { error }
          throw error
        }
      })
    const result = await this.#retry(() => {
      try {
        return attempt()
      } catch (error) {
        if (outcome === undefined) throw error
        throw new BodyError(error)
      }
    }, signal).catch((error) => {
      throw error instanceof BodyError ? error.reason : error
    })
    this.#watch.wake()
    return result
  }

  /** Runs batches, each in a turn of its own, so that neither the loop nor other writers wait long. */
  #remove(begin: () => Batch, signal: AbortSignal | undefined): Promise<number> {
    const run = async () => {
      const batch = begin()
      let total = 0
      for (;;) {
        const count = await this.#retry(batch, signal)
        if (count === 0) return total
        total += count
        this.#watch.wake()
        await turn()
      }
    }
    return this.#commands.barrier(run, signal)
  }
}

/** What a transaction's body threw, which must not be taken for a busy database. */
class BodyError {
  readonly reason: unknown

  constructor(reason: unknown) {
    this.reason = reason
  }
}

function closed(): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_CLOSED', 'Cannot use the cache: it is closed')
}

function toEntry<V>(loaded: LoadedEntry | undefined): Entry<V> | undefined {
  return loaded && entryOf(loaded.row, loaded.value as V)
}
