import {
  type Abortable,
  abortable,
  breakerOf,
  checkHoldRow,
  DEFAULT_TTL,
  DiskCacheError,
  describeError,
  drawTtl,
  type Entry,
  failureTtl,
  type GetOptions,
  guarded,
  type HoldRow,
  hasCode,
  identityOf,
  isTrouble,
  type Key,
  type LeasedHold,
  Leases,
  type Outcome,
  Patience,
  quote,
  type RecipeStore,
  resultTtl,
  rowKey,
  type Ttl,
} from '@diskcache/core'
import type { ComputeOptions } from './compute-options.ts'
import { FailureReport, isMisuse } from './failure-report.ts'
import {
  checkKeptRow,
  type FailureRow,
  isAcceptable,
  isFailed,
  isFresh,
  type KeptRow,
  type ResultRow,
} from './result-row.ts'

/**
 * How long a result that is offered to a store later is fresh at the most, in milliseconds: it may have been invalidated
 * meanwhile, by its tag or by a process that could reach the store. Long enough for a crowd that comes back with it.
 */
const OFFERED_MS = 10_000

/**
 * A result in the store, and the lease under which it is computed. The store is there to help: where it fails, that is
 * reported, and counts as a miss.
 */
export class KeptResult<V> {
  readonly store: RecipeStore
  readonly key: Key
  readonly options: ComputeOptions
  readonly report: FailureReport
  /** By which those are found who compute it in this process. */
  readonly id: string
  readonly #result: Key
  readonly #lease: Key
  readonly #withdrawals: number

  constructor(store: RecipeStore, key: Key, options: ComputeOptions) {
    this.store = store
    this.key = key
    this.options = options
    this.report = new FailureReport(store, key, options.onError)
    this.id = identityOf(key)
    this.#result = resultKey(key)
    this.#lease = leaseKey(key)
    this.#withdrawals = breakerOf(store).withdrawals
  }

  /** How long a value is fresh, in milliseconds, or what tells it. */
  get ttl(): Ttl | ((value: never) => Ttl) {
    return this.options.ttl ?? this.store[DEFAULT_TTL] ?? Infinity
  }

  /** The right to compute it. */
  get leases(): Leases {
    const { store, key, options } = this
    const terms = { key, rowKey: this.#lease, capacity: 1, lease: options.lease }
    // With the value's tag: what is evicted while it is computed must not stay, either.
    const tagged = { ...terms, tag: options.tag, isTransient: true }
    return new Leases({ store, ...tagged })
  }

  async leaseRow(patience: Patience | undefined, options: Abortable): Promise<HoldRow | undefined> {
    const row = await guarded(this.store, patience).get(this.#lease, { ...options, fresh: true })
    return row === undefined ? undefined : checkHoldRow(this.#lease, row)
  }

  /** Returns the row if it is fresh enough for this caller. */
  async read(
    patience: Patience | undefined,
    options: GetOptions & Abortable,
  ): Promise<KeptRow<V> | undefined> {
    try {
      const found = guarded(this.store, patience).get(this.#result, options)
      // A store may take its time over a signal.
      return this.#accept(await (options.signal === undefined ? found : abortable(found, options.signal)))
    } catch (error) {
      this.report.tellUnlessFatal(error, options.signal)
      return this.options.staleIfAway && isTrouble(error) ? this.#recall() : undefined
    }
  }

  /**
   * Keeps the value as its options say, and returns what is left behind for those who wait: nothing when it is stored. A
   * value that should be, and is not, is offered later, where that makes sense.
   */
  async keep(
    value: V,
    delta: number,
    { token }: LeasedHold,
    patience?: Patience,
  ): Promise<Outcome | undefined> {
    const ttl = this.#ttlOf(value)
    if (ttl === undefined) return { value }
    try {
      const row: ResultRow<V> = {
        value,
        delta,
        softExpiry: ttl === Infinity ? null : Date.now() + ttl,
        token,
      }
      const { staleFor, tag } = this.options
      if (await guarded(this.store, patience).set(this.#result, row, { ttl: ttl + staleFor, tag }))
        return undefined
      const message = `Cannot keep the result for ${quote(this.key)}: it is larger than the store accepts`
      this.report.tell(new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', message, { key: this.key }))
    } catch (error) {
      if (isMisuse(error)) throw error
      this.report.tell(error)
      if (isTrouble(error)) this.#offer(value, delta, ttl)
    }
    return {}
  }

  /** Keeps the failure if its options say so, unless there is a value, be it one that is only for others fresh enough. */
  async keepFailure(error: unknown, { token }: LeasedHold, patience?: Patience): Promise<void> {
    const ttl = failureTtl(this.options, error, this.#tell)
    if (ttl === undefined) return
    const row: FailureRow = { failure: describeError(error), softExpiry: Date.now() + ttl, token }
    const set = { set: row, ttl, tag: this.options.tag }
    try {
      await guarded(this.store, patience).update(this.#result, (entry) => {
        const hasValue = entry !== undefined && !isFailed(checkKeptRow(this.#result, entry.value))
        return hasValue ? { keep: true } : set
      })
    } catch (second) {
      this.report.tell(second)
    }
  }

  /** Offers a value to the store that was computed while that was away, unless it may have been forgotten meanwhile. */
  offer(value: V, delta: number): void {
    const ttl = this.#ttlOf(value)
    if (ttl !== undefined) this.#offer(value, delta, ttl)
  }

  /** Releases the lease, and removes a value that was forgotten while it was being computed. */
  async conclude(hold: LeasedHold, outcome: Outcome | undefined, patience?: Patience): Promise<void> {
    try {
      if (await this.#release(hold, outcome, patience)) return
      await guarded(this.store, patience).update(this.#result, (entry) => {
        const isOurs = (entry?.value as ResultRow | undefined)?.token === hold.token
        return isOurs ? { delete: true } : { keep: true }
      })
    } catch (error) {
      this.report.tell(error)
    }
  }

  /** Returns how long the value is fresh, or `undefined` when it is not kept. */
  #ttlOf(value: V): number | undefined {
    const { keep, staleFor } = this.options
    const kept = resultTtl({ ttl: this.ttl, keep }, value, this.#tell)
    const ttl = kept && drawTtl(kept.ttl ?? Infinity)
    return ttl === undefined || ttl + staleFor === 0 ? undefined : ttl
  }

  readonly #tell = (error: unknown): void => this.report.tell(error)

  #offer(value: V, delta: number, ttl: number): void {
    const breaker = breakerOf(this.store)
    if (breaker.withdrawals !== this.#withdrawals) return
    const softExpiry = Date.now() + Math.min(ttl, OFFERED_MS)
    // No lease has such a token, so that this is nobody's row.
    const row: ResultRow<V> = { value, delta, softExpiry, token: -Math.random() }
    breaker.offer(this.id, () => this.#add(row))
  }

  /** Releases the lease. Where the store refuses the value for those who wait, they compute it themselves. */
  async #release(hold: LeasedHold, outcome: Outcome | undefined, patience?: Patience): Promise<boolean> {
    try {
      return await hold.releaseWith(outcome, patience)
    } catch (error) {
      const isRefused =
        hasCode(error, 'ERR_DISKCACHE_UNSUPPORTED_VALUE') || hasCode(error, 'ERR_DISKCACHE_TOO_LARGE')
      if (!isRefused) throw error
      return hold.releaseWith({}, patience)
    }
  }

  /** Stores a row, unless somebody has stored a value that is fresh. */
  async #add(row: ResultRow<V>): Promise<void> {
    const { staleFor, tag } = this.options
    const change = (entry: Entry<unknown> | undefined) => {
      const ttl = Number(row.softExpiry) + staleFor - Date.now()
      const found = entry && checkKeptRow(this.#result, entry.value)
      const isKept = found !== undefined && !isFailed(found) && isFresh(found)
      return isKept || ttl <= 0 ? ({ keep: true } as const) : { set: row, ttl, tag }
    }
    try {
      await guarded(this.store, new Patience(this.options)).update(this.#result, change)
    } catch (error) {
      this.report.tell(error)
    }
  }

  /** Returns what this process has in memory, however old that may be. */
  async #recall(): Promise<KeptRow<V> | undefined> {
    return this.#accept(await this.store.get(this.#result, { stale: true }))
  }

  #accept(found: unknown): KeptRow<V> | undefined {
    if (found === undefined) return undefined
    const row = checkKeptRow<V>(this.#result, found)
    return isAcceptable(row, this.options.staleFor) ? row : undefined
  }
}

/** Returns the key under which a result is kept. */
export function resultKey(key: Key): Key {
  return rowKey('getOrSet', key)
}

/** Returns the key of the lease under which a result is computed. */
export function leaseKey(key: Key): Key {
  return rowKey('lease', key)
}
