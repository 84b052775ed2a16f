import { type Column, type EncodedKey, hasCode, hasTag, type Key, withDetails } from '@diskcache/core'
import {
  hasPrefix,
  type RemovableRow,
  type RowBounds,
  type Settings,
  type SizedRow,
  type TaggedRow,
} from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { RemovalReason } from '../context/removal-news.ts'
import { EvictionStatistics } from './eviction-statistics.ts'
import { OrphanSweep } from './orphan-sweep.ts'
import { VictimPool } from './victim-pool.ts'
import { VolumeMeter, type Written } from './volume-meter.ts'

/** The number of rows that one transaction removes in an operation that concerns many. */
const ROWS_PER_STEP = 100

/** The same on a full disk: the fewer, the less space the log needs. */
const ROWS_ON_FULL_DISK = 8

/** The number of rows that one transaction looks at where there is no index of those that are to be removed. */
const ROWS_PER_SCAN = 10_000

/** The number of entries from which on a removal of all does not visit each. */
const MANY_ENTRIES = 10_000

/**
 * Runs one transaction of an operation that concerns many rows, and returns how many it removed, perhaps none, or
 * `undefined` when there was nothing left to do.
 */
export type Batch = () => number | undefined

/** Returns the batches of several operations, one after the other. */
function inTurn(operations: readonly Batch[]): Batch {
  const left = operations.values()
  let present = left.next()
  return () => {
    while (!present.done) {
      const count = present.value()
      if (count !== undefined) return count
      present = left.next()
    }
    return undefined
  }
}

/**
 * Runs all batches and returns how many rows they removed. An `ERR_DISKCACHE_TIMEOUT` carries the number that was
 * removed before as `count`.
 */
export function runBatches(batch: Batch): number {
  let total = 0
  try {
    for (let count = batch(); count !== undefined; count = batch()) total += count
    return total
  } catch (error) {
    throw hasCode(error, 'ERR_DISKCACHE_TIMEOUT') ? withDetails(error, { count: total }) : error
  }
}

/**
 * The bytes that a write frees, while there are too many, for each byte that it adds: more than one, so that what
 * other processes added, or what was measured too low, goes, too.
 */
const FREED_PER_BYTE = 2

/** The bytes that a write may free however few it adds. */
const FREED_AT_LEAST = 16_384

/** The rows that a write may remove however few bytes it adds, and the bytes added for each further one. */
const MOST_ROWS = 500
const BYTES_PER_ROW = 64

/** The part of the size limit from which on what was freed is measured, and not only taken to be so. */
const MEASURED_PART = 1 / 128

/** The number of directories that are searched for orphans whenever the volume is measured. */
const SWEEP_DIRECTORIES = 4

/** The number of expired rows that are removed before the next look at what is left. */
const EXPIRED_AT_A_TIME = 32

/** What was removed: rows, and about the bytes that this frees. */
interface Freed {
  rows: number
  bytes: number
}

/** What a step has found: rows to remove, and the rowid up to which it has looked, `undefined` when nothing is left. */
interface Found<Row = RemovableRow> {
  readonly rows: readonly Row[]
  readonly end: bigint | undefined
}

/** Returns what a step has found that looked no further than these rows. */
function upTo<Row extends RemovableRow>(rows: readonly Row[]): Found<Row> {
  return { rows, end: rows.at(-1)?.rowid }
}

/** Keeps the cache within its limits, and removes entries by expiry, tag or prefix. */
export class Eviction {
  readonly #context: CacheContext
  readonly #meter: VolumeMeter
  readonly #victims: VictimPool
  readonly sweep: OrphanSweep
  readonly statistics: EvictionStatistics
  /** The moment before which no entry expires, as far as is known, in seconds. */
  #nextExpiry = Number.NEGATIVE_INFINITY

  constructor(context: CacheContext, clock: () => number) {
    this.#context = context
    this.#meter = new VolumeMeter(context.directory)
    this.#victims = new VictimPool(context)
    this.statistics = new EvictionStatistics(context)
    this.sweep = new OrphanSweep(context.directory, clock)
    context.onReplaced(() => this.#forget())
  }

  /**
   * Removes what is too much after a write, inside its transaction: at most `cullLimit` entries that have expired, and
   * then as many, expired ones first and others in the order of the policy, as make room: about twice the bytes that
   * were written, while the volume exceeds the size limit, and those that are more than `maxEntries`, and never the entry
   * just written. With a `cullLimit` of 0 it removes nothing.
   */
  afterWrite(written: Written & { key: EncodedKey; expireTime: number | null }, now: number): void {
    const settings = this.#context.settingsAt(now)
    if (written.expireTime !== null) this.#nextExpiry = Math.min(this.#nextExpiry, written.expireTime)
    if (this.#meter.add(written)) this.#look()
    if (settings.cullLimit === 0) return
    this.#removeExpired(now, settings.cullLimit)
    if (this.#meter.bytes > this.#meter.limit) this.#makeRoom(written, settings, now)
    if (settings.maxEntries !== Infinity) this.#removeExcess(written.key, settings, now)
  }

  /** Returns whether so many bytes more fit in, as far as is known, without anything having to go. */
  hasRoomFor(bytes: number): boolean {
    return this.#meter.bytes + bytes <= this.#meter.limit && this.#excess() <= 0
  }

  /** Returns what the policy keeps of an entry that is inserted, the content of the column `access_count`. */
  usesOfNew(key: EncodedKey): number {
    return this.#victims.usesOfNew(key)
  }

  /** Stores what is only known in memory of past evictions, if the lock is free. It never throws. */
  flush(): void {
    this.#victims.flush()
  }

  /** Returns the batches that remove everything that has expired at `now`, in seconds. */
  expire(now: number): Batch {
    this.#nextExpiry = Number.NEGATIVE_INFINITY
    return this.#batch('expired', (most) => upTo(this.#context.directory.removals.expired(now, most)))
  }

  /** Returns the batches that remove what has expired and then shrink the cache to its limits. */
  cull(now: number): Batch {
    return inTurn([this.expire(now), () => this.#cullBatch(now) || undefined])
  }

  /**
   * Returns the batches that remove all entries with one of these tags, or, where one is `null`, without any, that were
   * there when the removal began. One that is replaced meanwhile keeps its rowid, and may go: the time of its row does not
   * tell, as the clock may have been set back, and to leave what should have gone would be worse.
   */
  evict(tags: readonly Column[], prefix?: string): Batch {
    const isMeant = (row: TaggedRow, tag: Column) =>
      hasTag(row, tag) && (prefix === undefined || hasPrefix(row, prefix))
    const newest = this.#newestAtFirst()
    const next = (tag: Column) => (last: bigint, newest: bigint, limit: number) => {
      const { rows, end } = this.#findTagged(tag, { last, newest, limit })
      return { rows: rows.filter((row) => isMeant(row, tag)), end }
    }
    return inTurn(tags.map((tag) => this.#walk('tag', next(tag), newest)))
  }

  #findTagged(tag: Column, { last, newest, limit }: RowBounds): Found<TaggedRow> {
    const { removals } = this.#context.directory
    const { tagged } = removals
    if (tag !== null && tagged.haveIndex()) return upTo(tagged.findByIndex(tag, { last, newest, limit }))
    const end = removals.endOfStretch(last, newest, ROWS_PER_SCAN)
    const rows = end === undefined ? [] : tagged.find(tag, { last, newest: end, limit })
    return rows.length < limit ? { rows, end } : upTo(rows)
  }

  /** Returns the batches that remove all entries, or those with a prefix, that were there when the removal began. */
  clear(prefix: string | undefined): Batch {
    const { removals } = this.#context.directory
    this.#context.memory?.tier.clear()
    if (prefix === undefined) return this.#clearAll()
    return this.#walk('clear', (_, newest, most) => upTo(removals.prefixed(prefix, newest, most)))
  }

  /**
   * Returns the batches that remove all entries. Where these are many, those with files go first, which have to be visited,
   * and then all others at once.
   */
  #clearAll(): Batch {
    const { directory } = this.#context
    const { connection, removals } = directory
    const newest = this.#newestAtFirst()
    const files = this.#batch('clear', (most) => upTo(removals.withFiles(newest(), most)))
    const all = this.#walk('clear', (last, end, most) => upTo(removals.all(last, end, most)), newest)
    let isInPlace = true
    return () => {
      isInPlace &&= !connection.inTransaction && directory.counter('count') > MANY_ENTRIES
      if (!isInPlace) return all()
      const count = files()
      if (count !== undefined) return count
      const cleared = this.#clearInPlace(newest())
      isInPlace = false
      return cleared ?? all()
    }
  }

  /** Removes all rows up to `newest` at once, and returns their number; `undefined` when they are to be visited. */
  #clearInPlace(newest: bigint): number | undefined {
    try {
      const count = this.#context.directory.clearInPlace(newest)
      this.#context.memory?.tier.clear()
      if (count !== undefined) this.#context.removalNews.tellCount('clear', count)
      return count
    } catch (error) {
      if (hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
      // Whatever it is, rows that are visited can be mended, or removed a few at a time on a full disk.
      return undefined
    }
  }

  /**
   * Removes about so many bytes on a full disk, in the order of the policy, or, where not even that can be written
   * down, any files: a row without its file counts as missing. It never throws.
   */
  makeSpace(bytes: number): void {
    const now = this.#context.now()
    const { cullLimit, evictionPolicy } = this.#context.settingsAt(now)
    if (cullLimit === 0 || evictionPolicy === 'none') return
    const { directory } = this.#context
    const goal = FREED_AT_LEAST + bytes * FREED_PER_BYTE
    try {
      this.#onFullDisk((most) => directory.connection.transact(() => this.#free(goal, most, now).rows))
    } catch {
      let left = goal
      for (const row of directory.removals.anyFiles(ROWS_PER_STEP)) {
        if (left <= 0) break
        directory.files.remove(row.filename as string)
        left -= Number(row.bytes)
      }
    }
  }

  #cullBatch(now: number): number {
    const { connection } = this.#context.directory
    const remove = (most: number) =>
      connection.transact(() => {
        // Another process may have changed the limit.
        this.#context.settingsAt(now)
        this.#meter.look()
        const { rows } = this.#free(this.#meter.bytes - this.#meter.limit, most, now)
        return rows || this.#free(Infinity, Math.min(most, this.#excess()), now).rows
      })
    return connection.mending(() => this.#onFullDisk(remove))
  }

  /** Forgets what is known of entries that may be gone. */
  #forget(): void {
    this.#meter.forget()
    this.#victims.forget()
    this.#nextExpiry = Number.NEGATIVE_INFINITY
  }

  /** Measures the volume and the next expiry, since other processes may have written meanwhile. */
  #look(): void {
    const { accessBuffer, directory } = this.#context
    const { connection, removals, settings } = directory
    this.#meter.look()
    if (settings.evictionPolicy === 's3-fifo') accessBuffer.notesUses ||= directory.isNearLimit()
    this.#nextExpiry = removals.nextExpiry()
    connection.afterCommit(() => this.#afterLook())
  }

  #afterLook(): void {
    const { directory } = this.#context
    const { bytes, limit } = this.#meter
    this.sweep.step(SWEEP_DIRECTORIES)
    directory.holdReserve()
    // On a disk that is nearly full the database must not have to grow when its log is written back.
    if (limit < directory.settings.sizeLimit) directory.log.writeBack()
    else directory.giveBack(bytes)
  }

  #removeExpired(now: number, limit: number): void {
    if (now < this.#nextExpiry) return
    const { removals } = this.#context.directory
    this.#removeSized(removals.expired(now, limit), 'expired', { rows: 0, bytes: 0 })
    this.#nextExpiry = removals.nextExpiry()
  }

  /** Brings the volume down to the size limit, as far as one write may take the time for it. */
  #makeRoom({ key, bytes }: Written & { key: EncodedKey }, settings: Settings, now: number): void {
    const { sizeLimit, cullLimit } = settings
    const excess = () => this.#meter.bytes - this.#meter.limit
    const except = this.#context.directory.entries.locate(key)?.rowid
    let bytesLeft = Math.max(FREED_AT_LEAST, bytes * FREED_PER_BYTE)
    let rowsLeft = Math.max(cullLimit, MOST_ROWS + Math.floor(bytes / BYTES_PER_ROW))
    while (bytesLeft > 0 && rowsLeft > 0 && excess() > 0) {
      const freed = this.#free(Math.min(excess(), bytesLeft), rowsLeft, now, except)
      bytesLeft -= freed.bytes
      rowsLeft -= freed.rows
      if (freed.bytes < sizeLimit * MEASURED_PART) return
      // A page goes only with the last row in it, so that less may have been freed.
      this.#meter.look()
    }
  }

  /** Removes the entries that are more than there may be, as far as one write may take the time for it. */
  #removeExcess(key: EncodedKey, { evictionPolicy, maxEntries }: Settings, now: number): void {
    const { accessBuffer, directory } = this.#context
    let excess = this.#excess()
    if (evictionPolicy === 's3-fifo')
      accessBuffer.notesUses ||= directory.isNearMaxEntries(excess + maxEntries)
    if (excess <= 0 || evictionPolicy === 'none') return
    if (excess > 1) {
      // A write adds one at most, so that the counter may be damaged: measuring mends it.
      this.#meter.look()
      excess = this.#excess()
    }
    const except = directory.entries.locate(key)?.rowid
    this.#free(Infinity, Math.min(excess, MOST_ROWS), now, except)
  }

  /** Returns the number of entries that are more than there may be, negative or 0 where all may stay. */
  #excess(): number {
    const { directory } = this.#context
    const { maxEntries } = directory.settings
    return maxEntries === Infinity ? 0 : directory.counter('count') - maxEntries
  }

  /** Removes as many rows as free about `goal` bytes, at most `most`, and returns what was removed. */
  #free(goal: number, most: number, now: number, except?: bigint): Freed {
    const freed = { rows: 0, bytes: 0 }
    const { directory, removalNews } = this.#context
    const { removals } = directory
    while (this.#nextExpiry <= now && freed.bytes < goal && freed.rows < most) {
      this.#removeSized(
        removals.expired(now, Math.min(EXPIRED_AT_A_TIME, most - freed.rows)),
        'expired',
        freed,
      )
      this.#nextExpiry = removals.nextExpiry()
    }
    const { evictionPolicy } = this.#context.settingsAt(now)
    const expired = freed.rows
    const keys: Key[] = []
    while (freed.bytes < goal && freed.rows < most) {
      const victim = this.#victims.next(evictionPolicy, except)
      if (victim === undefined) break
      this.statistics.note(victim, now)
      keys.push(...removalNews.keysOf([victim]))
      this.#remove(victim)
      this.#count(victim, freed)
    }
    this.#victims.settle()
    this.statistics.settle()
    removalNews.tellKeys('evicted', freed.rows - expired, keys)
    return freed
  }

  #removeSized(rows: readonly SizedRow[], reason: RemovalReason, freed: Freed): void {
    this.#removeRows(rows, reason)
    for (const row of rows) this.#count(row, freed)
  }

  #count({ bytes }: SizedRow, freed: Freed): void {
    freed.rows++
    freed.bytes += Number(bytes)
    this.#meter.subtract(Number(bytes))
  }

  /** Returns the batches that go through the rows in their order, up to the newest when they begin. */
  #walk(
    reason: RemovalReason,
    next: (last: bigint, newest: bigint, most: number) => Found,
    newest = this.#newestAtFirst(),
  ): Batch {
    let last = 0n
    const find = (most: number) => next(last, newest(), most)
    return this.#batch(reason, find, ({ end }) => {
      last = end ?? last
    })
  }

  /** Returns a function that gives the newest rowid when it was first called. */
  #newestAtFirst(): () => bigint {
    return once(() => this.#context.directory.entries.newestRowid())
  }

  /** Returns the batches that remove what `find` finds; `goOn` is told what was removed. */
  #batch(reason: RemovalReason, find: (most: number) => Found, goOn?: (found: Found) => void): Batch {
    const remove = (most: number) => {
      const { connection } = this.#context.directory
      const found = connection.transact(() => {
        const found = find(most)
        this.#removeRows(found.rows, reason)
        return found
      })
      goOn?.(found)
      return found.end === undefined ? undefined : found.rows.length
    }
    return () => this.#context.directory.connection.mending(() => this.#onFullDisk(remove))
  }

  /** Removes rows; again, and fewer at a time, where the disk has no space to write that down. */
  #onFullDisk<T>(remove: (most: number) => T): T {
    const { directory } = this.#context
    try {
      return remove(ROWS_PER_STEP)
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_FULL') || directory.connection.inTransaction) throw error
    }
    directory.relieve(true)
    const count = remove(ROWS_ON_FULL_DISK)
    // What was removed gives space back only now.
    directory.relieve(false)
    return count
  }

  /** Removes a row of which nobody knows the key. */
  #remove(row: RemovableRow): void {
    this.#context.directory.remove(row)
    this.#context.memory?.tier.unverify()
  }

  #removeRows(rows: readonly RemovableRow[], reason: RemovalReason): void {
    this.#context.removalNews.tell(reason, rows)
    for (const row of rows) this.#remove(row)
  }
}

/** Returns a function that gives what `make` returned when it was first called. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
