import { type Column, DiskCacheError, type EncodedKey, evictChannel, hasCode } from '@diskcache/core'
import type { EvictionPolicy, RemovableRow, Settings } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { OrphanSweep } from './orphan-sweep.ts'
import { VictimPool } from './victim-pool.ts'
import { VolumeMeter } from './volume-meter.ts'

/** The number of rows that one transaction removes in an operation that concerns many. */
const ROWS_PER_STEP = 100

/** Runs one transaction of an operation that concerns many rows, and returns how many it removed, 0 at the end. */
export type Batch = () => number

/**
 * Runs all batches and returns how many rows they removed. An `ERR_DISKCACHE_TIMEOUT` carries the number that was
 * removed before as `count`.
 */
export function runBatches(batch: Batch): number {
  let total = 0
  try {
    for (let count = batch(); count > 0; count = batch()) total += count
    return total
  } catch (error) {
    if (!hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
    const { message } = error as DiskCacheError
    throw new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message, { cause: error, count: total })
  }
}

/** The number of directories that are searched for orphans whenever the volume is measured. */
const SWEEP_DIRECTORIES = 4

/** The reason of a removal, as the channel tells it. */
type Reason = 'expired' | 'evicted' | 'tag' | 'clear'

/** Keeps the cache within its size limit, and removes entries by expiry, tag or prefix. */
export class Eviction {
  readonly #context: CacheContext
  readonly #meter: VolumeMeter
  readonly #victims: VictimPool
  readonly sweep: OrphanSweep
  /** The moment before which no entry expires, as far as is known, in seconds. */
  #nextExpiry = Number.NEGATIVE_INFINITY

  constructor(context: CacheContext, clock: () => number) {
    this.#context = context
    this.#meter = new VolumeMeter(context.directory)
    this.#victims = new VictimPool(context)
    this.sweep = new OrphanSweep(context.directory, clock)
  }

  /**
   * Removes what is too much after a write, inside its transaction: expired entries, then as many others in the order
   * of the policy as bring the volume down to the size limit; together at most `cullLimit` rows, and never the one
   * just written.
   */
  afterWrite(
    written: { key: EncodedKey; bytes: number; isFile: boolean; expireTime: number | null },
    now: number,
  ): void {
    const settings = this.#context.settingsAt(now)
    if (written.expireTime !== null) this.#nextExpiry = Math.min(this.#nextExpiry, written.expireTime)
    if (this.#meter.add(written.bytes) || written.isFile) this.#look()
    if (settings.cullLimit === 0) return
    const left = settings.cullLimit - this.#removeExpired(now, settings.cullLimit)
    const excess = this.#meter.bytes - settings.sizeLimit
    if (excess > 0 && left > 0) this.#evict(excess, left, written.key, settings)
  }

  /** Returns the batches that remove everything that has expired at `now`, in seconds. */
  expire(now: number): Batch {
    this.#nextExpiry = Number.NEGATIVE_INFINITY
    return this.#batch('expired', () => this.#context.directory.removals.expired(now, ROWS_PER_STEP))
  }

  /** Returns the batches that remove what has expired and then shrink the cache to its size limit. */
  cull(now: number): Batch {
    const expire = this.expire(now)
    let isExpiring = true
    return () => {
      const expired = isExpiring ? expire() : 0
      isExpiring = expired > 0
      return isExpiring ? expired : this.#cullBatch(now)
    }
  }

  /** Returns the batches that remove all entries with this tag that were there when the removal began. */
  evict(tag: Column): Batch {
    const { removals } = this.#context.directory
    return this.#walk('tag', (last, newest) => removals.tagged(tag, last, newest, ROWS_PER_STEP))
  }

  /** Returns the batches that remove all entries, or those with a prefix, that were there when the removal began. */
  clear(prefix: string | undefined): Batch {
    const { removals } = this.#context.directory
    if (prefix === undefined)
      return this.#walk('clear', (last, newest) => removals.all(last, newest, ROWS_PER_STEP))
    return this.#walk('clear', (_, newest) => removals.prefixed(prefix, newest, ROWS_PER_STEP))
  }

  #cullBatch(now: number): number {
    const { sizeLimit, evictionPolicy } = this.#context.settingsAt(now)
    return this.#context.directory.connection.transact(() => {
      this.#meter.look()
      return this.#removeVictims(evictionPolicy, this.#meter.bytes - sizeLimit, ROWS_PER_STEP)
    })
  }

  /** Measures the volume and the next expiry, since other processes may have written meanwhile. */
  #look(): void {
    const { connection, removals } = this.#context.directory
    this.#meter.look()
    this.#nextExpiry = removals.nextExpiry()
    connection.afterCommit(() => this.sweep.step(SWEEP_DIRECTORIES))
  }

  #removeExpired(now: number, limit: number): number {
    if (now < this.#nextExpiry) return 0
    const { removals } = this.#context.directory
    const count = this.#removeRows(removals.expired(now, limit), 'expired')
    this.#nextExpiry = removals.nextExpiry()
    if (count > 0) this.#meter.look()
    return count
  }

  #evict(excess: number, limit: number, written: EncodedKey, { evictionPolicy }: Settings): void {
    const except = this.#context.directory.entries.locate(written)?.rowid
    this.#removeVictims(evictionPolicy, excess, limit, except)
  }

  /** Removes as many victims as free `excess` bytes, at most `limit`, and returns their number. */
  #removeVictims(policy: EvictionPolicy, excess: number, limit: number, except?: bigint): number {
    let count = 0
    for (let left = excess; left > 0 && count < limit; count++) {
      const victim = this.#victims.next(policy, except)
      if (victim === undefined) break
      this.#context.directory.remove(victim)
      this.#meter.subtract(Number(victim.bytes))
      left -= Number(victim.bytes)
    }
    this.#tell('evicted', count)
    return count
  }

  #walk(reason: Reason, next: (last: bigint, newest: bigint) => RemovableRow[]): Batch {
    let newest: bigint | undefined
    let last = 0n
    return this.#batch(reason, () => {
      newest ??= this.#context.directory.entries.newestRowid()
      const rows = next(last, newest)
      last = rows.at(-1)?.rowid ?? last
      return rows
    })
  }

  #batch(reason: Reason, find: () => RemovableRow[]): Batch {
    return () => this.#context.directory.connection.transact(() => this.#removeRows(find(), reason))
  }

  #removeRows(rows: readonly RemovableRow[], reason: Reason): number {
    for (const row of rows) this.#context.directory.remove(row)
    this.#tell(reason, rows.length)
    return rows.length
  }

  #tell(reason: Reason, count: number): void {
    if (count === 0 || !evictChannel.hasSubscribers) return
    const { connection, path } = this.#context.directory
    connection.afterCommit(() => evictChannel.publish({ store: path, reason, count }))
  }
}
