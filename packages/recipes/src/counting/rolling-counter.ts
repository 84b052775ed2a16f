import {
  type AnyStore,
  checkName,
  checkNumber,
  checkOptions,
  checkPin,
  checkRow,
  counterSum,
  guarded,
  type Key,
  quote,
  type RecipeStore,
  recipeStore,
  refuseInTransaction,
  rowKey,
  tagsToColumns,
  type WriteOptions,
} from '@diskcache/core'
import { countIn, type PeriodCounts, withCount } from './period-counts.ts'

/** The periods of {@link RollingCounter} that have a name, in milliseconds. */
const PERIODS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** The longest period: a leap year, in milliseconds. */
const LONGEST_PERIOD = 366 * PERIODS.day

/** The most periods that are kept: the minutes of a day. The row has a number for each, and is written with each event. */
const MOST_PERIODS = 1_440

/** The options of `RollingCounter`. */
export interface RollingCounterOptions extends Pick<WriteOptions, 'tag' | 'pin'> {
  /** The name of the counters, which all of this name and period share in all processes. Not empty. */
  name: string
  /**
   * The length of a period: `'minute'`, `'hour'`, `'day'`, or milliseconds, from 1 to those of 366 days. Periods follow
   * each other from the epoch on: days begin at midnight UTC.
   */
  period: 'minute' | 'hour' | 'day' | number
  /** How many periods are kept, the present one included: from 1 to 1,440. Give all counters of one name the same. */
  keep: number
}

/** Which periods are meant: the last ones, or those since a time. Not both. */
export interface PeriodRange {
  /** So many periods, the present one included: from 1 to `keep`. */
  last?: number | undefined
  /**
   * The period of this time, a `Date` or epoch milliseconds, and all that have begun since; of those that are not kept
   * any more, nothing is known.
   */
  since?: Date | number | undefined
}

/** The events of one period. */
export interface PeriodCount {
  /** When the period began, in epoch milliseconds. */
  readonly start: number
  /** How many events there were. */
  readonly count: number
}

/** What a row had at a time. */
interface Reading {
  readonly counts: PeriodCounts
  /** The period of the time, by the engine's clock. */
  readonly present: number
}

/**
 * A count of events over all processes by periods: how many there were in this hour, in the last seven days, since noon.
 * There is one counter for each key, such as a page or a user, as one row with a number for each period; periods that are
 * over for long go by themselves. Time is the engine's.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { RollingCounter } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const visits = new RollingCounter(cache, { name: 'visits', period: 'day', keep: 30 })
 * await visits.incr('/home')
 * assert.equal(await visits.incr('/home'), 2)
 * assert.equal(await visits.count('/home', { last: 7 }), 2)
 * ```
 */
export class RollingCounter {
  readonly #store: RecipeStore
  readonly #name: string
  readonly #period: number
  readonly #keep: number
  readonly #options: WriteOptions

  /**
   * Makes counters on a store, without reading or writing it. `tag` and `pin` are those of the rows; `pin` is `'share'`
   * by default, so that the counters of many keys do not push out data.
   *
   * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
   */
  constructor(store: AnyStore, options: RollingCounterOptions) {
    checkOptions('the options of RollingCounter', options, ['name', 'period', 'keep', 'tag', 'pin'])
    const { name, period, keep, tag, pin = 'share' } = options
    this.#store = recipeStore(store)
    this.#name = checkName(name)
    this.#period = periodLength(period)
    this.#keep = checkNumber('keep', keep, { min: 1, max: MOST_PERIODS, integer: true })
    if (tag !== undefined) tagsToColumns(tag)
    this.#options = { tag, pin: checkPin(pin) }
  }

  /**
   * Counts an event of `key`, or so many, in the present period, in one atomic step; without a key, there is one counter
   * for the name. Returns the count of the present period.
   *
   * @throws TypeError, RangeError for what cannot be a key, for a `by` that is no integer of at least 1, and when the count
   * would not be a safe integer
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async incr(key?: Key, by = 1): Promise<number> {
    checkNumber('by', by, { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true })
    refuseInTransaction(this.#store)
    const row = this.#rowKey(key)
    let count = 0
    await guarded(this.#store).update(row, (entry, now) => {
      const before = entry && checkCounts(row, entry.value)
      const present = this.#periodOf(now)
      count = counterSum(row, { value: before === undefined ? 0 : countIn(before, present) }, null, by)
      const set = withCount(before, present, count, this.#keep)
      return { set, ttl: (set.newest + this.#keep) * this.#period - now, ...this.#options }
    })
    return count
  }

  /**
   * Returns how many events of `key` there were: in the present period unless `range` says otherwise.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async count(key?: Key, range: PeriodRange = { last: 1 }): Promise<number> {
    const series = await this.series(key, range)
    return series.reduce((sum, { count }) => sum + count, 0)
  }

  /**
   * Returns the events of `key` in each period, also where there were none, the oldest first: in all that are kept unless
   * `range` says otherwise.
   *
   * @throws TypeError, RangeError for what cannot be a key, and for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async series(key?: Key, range: PeriodRange = {}): Promise<PeriodCount[]> {
    const oldestAt = this.#checkRange(range)
    refuseInTransaction(this.#store)
    const { counts, present } = await this.#read(this.#rowKey(key))
    const oldest = oldestAt(present)
    return Array.from({ length: Math.max(0, present - oldest + 1) }, (_, i) => ({
      start: (oldest + i) * this.#period,
      count: countIn(counts, oldest + i),
    }))
  }

  /**
   * Removes the counter of `key`, or the one without a key, and returns whether there was one.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async delete(key?: Key): Promise<boolean> {
    refuseInTransaction(this.#store)
    return guarded(this.#store).delete(this.#rowKey(key))
  }

  /** Only an update tells the engine's clock, so that it takes one that changes nothing. */
  async #read(row: Key): Promise<Reading> {
    let reading!: Reading
    await guarded(this.#store).update(row, (entry, now) => {
      const present = this.#periodOf(now)
      const counts = entry === undefined ? { newest: present, counts: [] } : checkCounts(row, entry.value)
      reading = { counts, present }
      return { keep: true }
    })
    return reading
  }

  /** Returns a function from the present period to the oldest of the range. */
  #checkRange(range: PeriodRange): (present: number) => number {
    checkOptions('the range', range, ['last', 'since'])
    const { last, since } = range
    if (last !== undefined && since !== undefined)
      throw new TypeError(`Cannot use since beside last, got ${quote(range)}`)
    const most = checkNumber('last', last ?? this.#keep, { min: 1, max: this.#keep, integer: true })
    if (since === undefined) return (present) => present - most + 1
    const time = since instanceof Date ? since.getTime() : since
    const first = this.#periodOf(checkNumber('since', time, { kinds: 'a number or a Date' }))
    return (present) => Math.max(first, present - most + 1)
  }

  #periodOf(time: number): number {
    return Math.floor(time / this.#period)
  }

  /** With the length of the period: counters of days and of minutes under one name are two. */
  #rowKey(key: Key | undefined): Key {
    const parts = [this.#name, this.#period]
    return key === undefined ? rowKey('counter', ...parts) : rowKey('counter', ...parts, key)
  }
}

function periodLength(period: RollingCounterOptions['period']): number {
  if (typeof period === 'string' && Object.hasOwn(PERIODS, period)) return PERIODS[period]
  if (typeof period === 'number')
    return checkNumber('period', period, { min: 1, max: LONGEST_PERIOD, integer: true })
  throw new TypeError(
    `Cannot use period: expected 'minute', 'hour', 'day' or milliseconds, got ${quote(period)}`,
  )
}

function checkCounts(row: Key, value: unknown): PeriodCounts {
  return checkRow<PeriodCounts>(
    row,
    value,
    ['newest'],
    ({ counts }) => Array.isArray(counts) && counts.every(Number.isSafeInteger),
  )
}
