import {
  type Abortable,
  abortable,
  breakerOf,
  checkHoldRow,
  checkRow,
  DEFAULT_TTL,
  DiskCacheError,
  drawTtl,
  type Entry,
  type GetOptions,
  guarded,
  type HoldRow,
  identityOf,
  isTrouble,
  type Key,
  type LeasedHold,
  Leases,
  type Outcome,
  Patience,
  quote,
  type RecipeStore,
  rowKey,
  type Ttl,
} from '@diskcache/core'
import type { ComputeOptions } from './compute-options.ts'
import { FailureReport, isMisuse } from './failure-report.ts'
import { isAcceptable, isFresh, type ResultRow } from './result-row.ts'

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

  /** How long a value is fresh, in milliseconds. */
  get ttl(): Ttl {
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
  ): Promise<ResultRow<V> | undefined> {
    try {
      const found = guarded(this.store, patience).get(this.#result, options)
      // A store may take its time over a signal.
      return this.#accept(await (options.signal === undefined ? found : abortable(found, options.signal)))
    } catch (error) {
      this.report.tellUnlessFatal(error, options.signal)
      return this.options.staleIfAway && isTrouble(error) ? this.#recall() : undefined
    }
  }

  /** Writes the value, and returns whether it is stored; otherwise it is offered later, where that makes sense. */
  async write(value: V, delta: number, { token }: LeasedHold, patience?: Patience): Promise<boolean> {
    const { staleFor, tag } = this.options
    const ttl = drawTtl(this.ttl)
    const softExpiry = ttl === Infinity ? null : Date.now() + ttl
    const row: ResultRow<V> = { value, delta, softExpiry, token }
    try {
      const options = { ttl: ttl + staleFor, tag }
      if (await guarded(this.store, patience).set(this.#result, row, options)) return true
      const message = `Cannot keep the result for ${quote(this.key)}: it is larger than the store accepts`
      this.report.tell(new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', message, { key: this.key }))
    } catch (error) {
      if (isMisuse(error)) throw error
      this.report.tell(error)
      if (isTrouble(error)) this.offer(value, delta)
    }
    return false
  }

  /** Offers a value to the store that was computed while that was away, unless it may have been forgotten meanwhile. */
  offer(value: V, delta: number): void {
    const breaker = breakerOf(this.store)
    if (breaker.withdrawals !== this.#withdrawals) return
    const softExpiry = Date.now() + Math.min(drawTtl(this.ttl), OFFERED_MS)
    // No lease has such a token, so that this is nobody's row.
    const row: ResultRow<V> = { value, delta, softExpiry, token: -Math.random() }
    breaker.offer(this.id, () => this.#add(row))
  }

  /** Releases the lease, and removes a value that was forgotten while it was being computed. */
  async conclude(hold: LeasedHold, outcome: Outcome | undefined, patience?: Patience): Promise<void> {
    try {
      if (await hold.releaseWith(outcome, patience)) return
      await guarded(this.store, patience).update(this.#result, (entry) => {
        const isOurs = (entry?.value as ResultRow | undefined)?.token === hold.token
        return isOurs ? { delete: true } : { keep: true }
      })
    } catch (error) {
      this.report.tell(error)
    }
  }

  /** Stores a row, unless somebody has stored one that is fresh. */
  async #add(row: ResultRow<V>): Promise<void> {
    const { staleFor, tag } = this.options
    const change = (entry: Entry<unknown> | undefined) => {
      const ttl = Number(row.softExpiry) + staleFor - Date.now()
      const isKept =
        entry !== undefined && isFresh(checkRow<ResultRow>(this.#result, entry.value, ROW_FIELDS))
      return isKept || ttl <= 0 ? ({ keep: true } as const) : { set: row, ttl, tag }
    }
    try {
      await guarded(this.store, new Patience(this.options)).update(this.#result, change)
    } catch (error) {
      this.report.tell(error)
    }
  }

  /** Returns what this process has in memory, however old that may be. */
  async #recall(): Promise<ResultRow<V> | undefined> {
    return this.#accept(await this.store.get(this.#result, { stale: true }))
  }

  #accept(found: unknown): ResultRow<V> | undefined {
    if (found === undefined) return undefined
    const row = checkRow<ResultRow<V>>(this.#result, found, ROW_FIELDS)
    return isAcceptable(row, this.options.staleFor) ? row : undefined
  }
}

const ROW_FIELDS = ['delta', 'token'] as const

/** Returns the key under which a result is kept. */
export function resultKey(key: Key): Key {
  return rowKey('getOrSet', key)
}

/** Returns the key of the lease under which a result is computed. */
export function leaseKey(key: Key): Key {
  return rowKey('lease', key)
}
