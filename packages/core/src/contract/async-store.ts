import type { Readable } from 'node:stream'
import type { AsyncCapabilities } from './capabilities.ts'
import type { Change, CounterOptions, Entry, Key, Tag, WriteOptions } from './entry.ts'
import type { ByteSource, IterateOptions, Stats } from './operation-options.ts'
import type { Problem } from './problem.ts'

/** Every operation of an {@link AsyncStore} takes a signal; an aborted one has no effect, or has taken full effect. */
export interface Abortable {
  signal?: AbortSignal | undefined
}

/**
 * The operations of a `Store` as promises. It never blocks the event loop. This is the interface that engines other
 * than SQLite implement; what one lacks, its `capabilities` say.
 */
export interface AsyncStore<K extends Key = Key, V = unknown> extends AsyncDisposable, AsyncIterable<[K, V]> {
  readonly capabilities: AsyncCapabilities
  /** Whether a synchronous `transact` of this process is under way: what is asked for now comes after it. */
  readonly inTransaction?: boolean
  count(options?: Abortable): Promise<number>
  get(key: K, options?: Abortable): Promise<V | undefined>
  getEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined>
  getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]>
  getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]>
  has(key: K, options?: Abortable): Promise<boolean>
  hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]>
  set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean>
  setMany(
    entries: Iterable<readonly [K, V, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]>
  add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean>
  update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined>
  incr(key: K, delta?: number, options?: CounterOptions & Abortable): Promise<number>
  decr(key: K, delta?: number, options?: CounterOptions & Abortable): Promise<number>
  touch(key: K, options: { ttl: number } & Abortable): Promise<boolean>
  delete(key: K, options?: Abortable): Promise<boolean>
  deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]>
  pop(key: K, options?: Abortable): Promise<V | undefined>
  popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined>
  read(key: K, options?: Abortable): Promise<Readable | undefined>
  write(key: K, source: ByteSource, options?: WriteOptions & Abortable): Promise<boolean>
  keys(options?: IterateOptions & Abortable): AsyncIterableIterator<K>
  values(options?: IterateOptions & Abortable): AsyncIterableIterator<V>
  entries(options?: IterateOptions & Abortable): AsyncIterableIterator<[K, V]>
  evict(tag: Tag, options?: Abortable): Promise<number>
  expire(options?: Abortable): Promise<number>
  cull(options?: Abortable): Promise<number>
  clear(options?: { prefix?: string | undefined } & Abortable): Promise<number>
  check(options?: { fix?: boolean | undefined } & Abortable): Promise<Problem[]>
  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable): Promise<Stats>
  volume(options?: Abortable): Promise<number>
  /** Resolves when one of the keys may have changed. */
  waitFor?(keys: readonly K[], options: { signal: AbortSignal }): Promise<void>
  close(): Promise<void>
}
