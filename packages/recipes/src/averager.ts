import {
  type AnyStore,
  checkNumber,
  checkOptions,
  checkRow,
  guarded,
  type Key,
  type RecipeStore,
  recipeStore,
  refuseInTransaction,
  rowKey,
  type WriteOptions,
} from '@diskcache/core'

interface Sum {
  readonly total: number
  readonly count: number
}

/**
 * The average of numbers that all processes add. It is kept as one row with a sum and a count, so that no number is
 * lost between processes; numbers of very different size lose digits, as in any sum.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { Averager } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const latency = new Averager(cache, 'latency', { ttl: 60_000 })
 * for (const value of [80, 120, 160]) await latency.add(value)
 * assert.equal(await latency.get(), 120)
 * ```
 */
export class Averager {
  readonly #store: RecipeStore
  readonly #rowKey: Key
  readonly #options: WriteOptions

  /**
   * Makes an averager on a store, without reading or writing it. The options are those of the row: `ttl`, in
   * milliseconds, begins anew with each number, and is for ever by default; `pin` is `'share'` by default, so
   * that averages of many keys do not push out data.
   *
   * @throws TypeError, RangeError for something that is no store, or an unknown option
   */
  constructor(store: AnyStore, key: Key, options: WriteOptions = {}) {
    checkOptions('the options of Averager', options, ['ttl', 'tag', 'pin'])
    this.#store = recipeStore(store)
    this.#rowKey = rowKey('averager', key)
    this.#options = { ...options, pin: options.pin ?? 'share', ttl: options.ttl ?? Infinity }
  }

  /**
   * Adds a number, in one atomic step.
   *
   * @throws TypeError, RangeError for something that is no finite number
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async add(value: number): Promise<void> {
    checkNumber('value', value)
    refuseInTransaction(this.#store)
    await guarded(this.#store).update(this.#rowKey, (entry) => {
      const { total, count } = entry === undefined ? { total: 0, count: 0 } : this.#sum(entry.value)
      return { set: { total: total + value, count: count + 1 }, ...this.#options }
    })
  }

  /**
   * Returns the average, or `undefined` when nothing was added since the beginning, the last `pop`, or the end of
   * `ttl`.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async get(): Promise<number | undefined> {
    refuseInTransaction(this.#store)
    return this.#average(await guarded(this.#store).get(this.#rowKey, { fresh: true }))
  }

  /**
   * Returns the average, or `undefined` when nothing was added, and begins anew, in one atomic step: every number
   * counts in exactly one average.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async pop(): Promise<number | undefined> {
    refuseInTransaction(this.#store)
    let last: unknown
    await guarded(this.#store).update(this.#rowKey, (entry) => {
      last = entry && this.#sum(entry.value)
      return entry === undefined ? { keep: true } : { delete: true }
    })
    return this.#average(last)
  }

  #average(row: unknown): number | undefined {
    if (row === undefined) return undefined
    const { total, count } = this.#sum(row)
    return total / count
  }

  #sum(row: unknown): Sum {
    return checkRow<Sum>(this.#rowKey, row, ['total', 'count'])
  }
}
