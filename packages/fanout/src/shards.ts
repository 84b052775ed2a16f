import { isDeepStrictEqual } from 'node:util'
import { Cache, type CacheOptions, type ResolvedCacheOptions } from '@diskcache/cache'
import {
  abortable,
  closedError,
  compareKeys,
  type Disk,
  hasCode,
  type Key,
  LEAST_MEMORY_BYTES,
  makeDisk,
  realTimers,
} from '@diskcache/core'
import {
  asksForDurability,
  checkSafety,
  closeAtExit,
  type PartialSettings,
  privateDirectory,
  removeTemporary,
  sharedMode,
  withRetry,
} from '@diskcache/core/sqlite'
import { agreeOnShards, checkShares, shardDirectory, shardExists } from './shard-count.ts'

/** The time for which a shard that is beyond use is left alone, in milliseconds. */
const RETRY_MS = 1_000

/** The bytes that all shards together may fill, unless the application says otherwise. */
const DEFAULT_SIZE_LIMIT = 2 ** 30

export interface ShardsOptions {
  /** The number of shards; `undefined` for as many as there are, 8 in a new directory. */
  readonly shards: number | undefined
  readonly cache: ResolvedCacheOptions
}

/** The items that belong to one shard, with their places in the whole. */
export interface ShardItems<T> {
  readonly items: T[]
  readonly places: number[]
}

/** A cache, as far as transactions need it. */
type Transacting = Pick<Cache, 'transact' | 'withoutWaiting'>

/**
 * The shards of one directory. The first is opened at once, and its settings hold for all; the others are opened when
 * they are first needed. Each costs three descriptors.
 */
export class Shards<K extends Key = Key, V = unknown> {
  readonly directory: string
  /** The codec of keys, for whoever has none of a shard at hand. */
  readonly disk: Disk
  readonly #options: ResolvedCacheOptions
  readonly #caches: (Cache<K, V> | undefined)[]
  readonly #opening = new Map<number, Promise<Cache<K, V>>>()
  readonly #damaged = new Map<number, { readonly error: unknown; readonly until: number }>()
  /** The shards that may have other settings than all, because they were locked or damaged. */
  readonly #outdated = new Set<number>()
  readonly #closeTemporary: (() => void) | undefined
  #first = 0
  #isOpen = true

  constructor(directory: string | undefined, { shards, cache }: ShardsOptions) {
    this.directory = privateDirectory(directory, {
      readonly: cache.readonly,
      isDurable: asksForDurability(cache),
      mode: cache.mode,
    })
    checkSafety(this.directory, cache.onUnsafe, cache.readonly)
    this.#options = cache
    this.disk = makeDisk(cache.disk, cache.classes)
    const count = agreeOnShards(this.directory, shards, cache)
    this.#caches = new Array(count).fill(undefined)
    this.#openFirst()
    if (!cache.readonly) this.#makeMissing()
    if (directory !== undefined) return
    this.#closeTemporary = () => this.close()
    closeAtExit(this.#closeTemporary)
  }

  get count(): number {
    return this.#caches.length
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The shard that is always open, the first that is not beyond use. Its settings are those of all. */
  get first(): Cache<K, V> {
    return this.#caches[this.#first] as Cache<K, V>
  }

  /** Returns whether an error says that one shard is damaged beyond use, and the others are to go on without it. */
  isLeftOut(error: unknown): boolean {
    return this.#options.onCorrupt === 'quarantine' && hasCode(error, 'ERR_DISKCACHE_CORRUPT')
  }

  /** Returns a number below 0 when the first of two keys comes first in sorted order, above 0 when the second does. */
  compare(a: K, b: K, reverse = false): number {
    const order = compareKeys(this.disk.encodeKey(a), this.disk.encodeKey(b))
    return reverse ? -order : order
  }

  /** Returns the index of the shard that a key belongs to. */
  indexOf(key: Key): number {
    return this.disk.hash(key) % this.count
  }

  /** Returns a shard, which is opened when it is not open yet. */
  at(index: number): Cache<K, V> {
    const cache = this.#caches[index] ?? this.#open(index, this.#options.timeout)
    if (this.#outdated.size > 0) this.#adapt(index, cache)
    return cache
  }

  ifOpen(index: number): Cache<K, V> | undefined {
    return this.#caches[index]
  }

  indices(): number[] {
    return [...this.#caches.keys()]
  }

  /** Returns all shards, which are opened when they are not open yet. */
  all(): Cache<K, V>[] {
    return this.indices().map((index) => this.at(index))
  }

  /** Returns the shards that are open. */
  opened(): Cache<K, V>[] {
    return this.#caches.filter((cache) => cache !== undefined)
  }

  /**
   * Resolves to a shard, which is opened without blocking the event loop. Callers go on in the order in which they
   * came, whether they had to wait or not.
   */
  async later(index: number, signal: AbortSignal | undefined): Promise<Cache<K, V>> {
    if (this.#caches[index] !== undefined && !this.#opening.has(index)) return this.at(index)
    return abortable(this.#opening.get(index) ?? this.#openLater(index), signal)
  }

  /** Resolves when no shard is being opened. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#opening.values())
  }

  /**
   * Runs `body` with the locks of all shards and returns what it returns. All processes lock them in this order, so
   * that none can wait for another in a circle.
   */
  transact<T>(body: () => T): T {
    return transactIn(this.all(), body)
  }

  /** Runs `body` like {@link transact}, but throws `ERR_DISKCACHE_TIMEOUT` at once when a lock is not free. */
  transactNow<T>(body: () => T): T {
    return transactNowIn(this.all(), body)
  }

  /**
   * Stores settings, whose `sizeLimit` and `maxEntries` are those of all shards together, in every shard that is not beyond use, or,
   * where one is locked, in none. The others get them when they can be used again.
   */
  configure(settings: PartialSettings): void {
    this.#configure(settings, transactIn)
  }

  /** Stores settings like {@link configure}, but throws `ERR_DISKCACHE_TIMEOUT` at once when a lock is not free. */
  configureNow(settings: PartialSettings): void {
    this.#configure(settings, transactNowIn)
  }

  /** Splits items by the shard of their key, with their places. */
  group<T>(items: Iterable<T>, keyOf: (item: T) => K): Map<number, ShardItems<T>> {
    return this.addTo(new Map<number, ShardItems<T>>(), items, keyOf)
  }

  /** Adds items, the first of which has the place `first`, to groups like those of {@link group}, and returns these. */
  addTo<T>(
    groups: Map<number, ShardItems<T>>,
    items: Iterable<T>,
    keyOf: (item: T) => K,
    first = 0,
  ): Map<number, ShardItems<T>> {
    let place = first
    for (const item of items) {
      const index = this.indexOf(keyOf(item))
      const group = groups.get(index) ?? { items: [], places: [] }
      groups.set(index, group)
      group.items.push(item)
      group.places.push(place++)
    }
    return groups
  }

  /** Closes all shards, and removes a temporary directory that nobody else has open. A second call does nothing. */
  close(): void {
    for (const cache of this.opened()) cache.close()
    if (this.#isOpen && this.#closeTemporary !== undefined)
      removeTemporary(this.directory, this.#closeTemporary)
    this.#isOpen = false
  }

  /**
   * Makes the shards that are missing, once in a directory's lifetime, so that nothing has to be made while it is in
   * use, nor by a process that may only read.
   */
  #makeMissing(): void {
    try {
      for (const index of this.indices()) {
        if (!shardExists(this.directory, index)) this.#open(index, this.#options.openTimeout)
      }
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Opens the shard whose settings hold for all. */
  #openFirst(): void {
    const { settings, initialSettings, openTimeout } = this.#options
    const { sizeLimit = DEFAULT_SIZE_LIMIT } = initialSettings
    const options: CacheOptions = {
      ...this.#openOptions(openTimeout),
      initialSettings: this.#shareOf({ ...initialSettings, sizeLimit }),
      ...this.#shareOf(settings),
    }
    for (this.#first = 0; ; this.#first++) {
      try {
        this.#caches[this.#first] = new Cache(shardDirectory(this.directory, this.#first), options)
        return
      } catch (error) {
        if (this.#first === this.count - 1 || !this.isLeftOut(error)) throw error
      }
    }
  }

  /** Opens a shard, unless it was damaged beyond use a moment ago. */
  #open(index: number, openTimeout: number): Cache<K, V> {
    const damaged = this.#damaged.get(index)
    if (damaged !== undefined && performance.now() < damaged.until) throw damaged.error
    try {
      return this.#openNow(index, openTimeout)
    } catch (error) {
      if (this.isLeftOut(error)) this.#damaged.set(index, { error, until: performance.now() + RETRY_MS })
      throw error
    }
  }

  /** Opens a shard. One that is current is only read, so that no other process has to be waited for. */
  #openNow(index: number, openTimeout: number): Cache<K, V> {
    const { settings } = this.first
    const options = { ...this.#openOptions(openTimeout), initialSettings: settings }
    const cache = new Cache<K, V>(shardDirectory(this.directory, index), options)
    this.#caches[index] = cache
    this.#outdated.add(index)
    this.#adapt(index, cache)
    return cache
  }

  /** Gives a shard the settings that hold for all, unless it is locked just now: then its next use does that. */
  #adapt(index: number, cache: Cache<K, V>): void {
    if (!this.#outdated.has(index)) return
    const { settings } = this.first
    try {
      const isCurrent = this.#options.readonly || isDeepStrictEqual(cache.settings, settings)
      if (!isCurrent) cache.withoutWaiting(() => cache.configure(settings))
      this.#outdated.delete(index)
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
    }
  }

  #configure(settings: PartialSettings, transact: typeof transactIn): void {
    const own = this.#shareOf(settings)
    const usable = this.indices().filter((index) => this.#isUsable(index))
    const caches = usable.map((index) => this.at(index))
    transact(caches, () => {
      for (const cache of caches) cache.configure(own)
    })
    for (const index of this.indices()) if (!usable.includes(index)) this.#outdated.add(index)
  }

  /** Returns settings as each shard has them: limits of all shards together are divided. */
  #shareOf(settings: PartialSettings): PartialSettings {
    checkShares(this.count, settings)
    const { sizeLimit, maxEntries } = settings
    return {
      ...settings,
      sizeLimit: sizeLimit === undefined ? undefined : share(sizeLimit, this.count),
      maxEntries: maxEntries === undefined ? undefined : share(maxEntries, this.count),
    }
  }

  /** Returns whether a shard can be used, and throws when it cannot and the others are not to go on without it. */
  #isUsable(index: number): boolean {
    try {
      return this.at(index).settings !== undefined
    } catch (error) {
      if (index !== this.#first && this.isLeftOut(error)) return false
      throw error
    }
  }

  #openLater(index: number): Promise<Cache<K, V>> {
    const opening = this.#openPatiently(index)
    this.#opening.set(index, opening)
    // Callers that come meanwhile must not overtake those that wait.
    const settle = () => realTimers.setImmediate(() => this.#opening.delete(index))
    opening.then(settle, settle)
    return opening
  }

  /** Opens a shard, again and again for as long as another process makes it or changes its settings. */
  #openPatiently(index: number): Promise<Cache<K, V>> {
    return withRetry({ store: this.directory, timeout: this.#options.asyncTimeout }, () => {
      if (!this.#isOpen) throw closedError()
      return this.#caches[index] ?? this.#open(index, 0)
    })
  }

  #openOptions(openTimeout: number): CacheOptions {
    const { ttl, timeout, asyncTimeout, disk, classes, readonly, onCorrupt, cachedirTag, clock } =
      this.#options
    const { memory } = this.#options
    return {
      ttl,
      timeout,
      asyncTimeout,
      openTimeout,
      disk,
      classes,
      readonly,
      onCorrupt,
      // What is around the shards has been looked at.
      onUnsafe: 'ignore',
      mode: sharedMode(this.directory),
      cachedirTag,
      memory: memory && {
        ...memory,
        maxBytes: Math.max(share(memory.maxBytes, this.count), LEAST_MEMORY_BYTES),
      },
      clock,
      shards: this.count,
    }
  }
}

function share(amount: number, count: number): number {
  return Math.floor(amount / count)
}

/**
 * Runs `body` inside a transaction of each cache. All processes begin them in the same order, so that none can wait for
 * another in a circle.
 */
function transactIn<T>(caches: readonly Transacting[], body: () => T): T {
  return caches.reduceRight((inner, cache) => () => cache.transact(inner), body)()
}

/** Runs `body` like {@link transactIn}, but throws `ERR_DISKCACHE_TIMEOUT` at once when a lock is not free. */
function transactNowIn<T>(caches: readonly Transacting[], body: () => T): T {
  const now = (cache: Transacting, inner: () => T) => cache.withoutWaiting(() => transactIn([cache], inner))
  return caches.reduceRight((inner, cache) => () => now(cache, inner), body)()
}
