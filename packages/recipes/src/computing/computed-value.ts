import {
  type Abortable,
  abortable,
  checkHoldRow,
  checkRow,
  DiskCacheError,
  errorChannel,
  type Failure,
  type GetOptions,
  type HoldRow,
  hasCode,
  identityOf,
  type Key,
  LeasedHold,
  Leases,
  liveHolds,
  nameOf,
  type Outcome,
  perStore,
  quote,
  type RecipeStore,
  refuseInTransaction,
  rowKey,
  TimeLimit,
  type WaitOptions,
} from '@diskcache/core'
import { ComputationTerm } from './computation-term.ts'
import type { ComputeOptions } from './compute-options.ts'
import { describeError, reviveError } from './failure.ts'
import { flightsOf, type Waiters } from './flights.ts'
import { isAcceptable, isDue, type ResultRow } from './result-row.ts'

/** Computes a value. The signal fires when nobody waits for the value any more. */
export type Compute<V> = (context: { readonly signal: AbortSignal }) => V | Promise<V>

/** The outcome of an election: to compute under a lease, or without one, or to take what another process computed. */
type Turn<V> =
  | { readonly hold: LeasedHold }
  | { readonly row: ResultRow<V> }
  | { readonly failure: Failure }
  | 'without store'

/** Returns the keys of a store that this process computes anew in the background. */
const refreshesOf = perStore(() => new Set<string>())

/**
 * A value in the store that is computed when it is missing, by one process for all, and anew in the background when it
 * is due. The store is there to help: where it fails, the value is computed all the same, and the failure is reported.
 */
export class ComputedValue<V> {
  readonly #store: RecipeStore
  readonly #key: Key
  readonly #rows: ComputedRows
  readonly #make: Compute<V>
  readonly #options: ComputeOptions

  constructor(store: RecipeStore, key: Key, make: Compute<V>, options: ComputeOptions) {
    this.#store = store
    this.#key = key
    this.#rows = rowsOf(key)
    this.#make = make
    this.#options = options
  }

  async get({ timeout, signal }: WaitOptions): Promise<V> {
    refuseInTransaction(this.#store)
    const row = this.#keepsNothing ? undefined : await this.#read({ signal })
    if (row === undefined) return this.#wait({ timeout, signal })
    if (isDue(row, this.#options.beta)) this.#refresh(row)
    return row.value
  }

  /** Computes the value, or waits for whoever computes it. */
  async #wait(wait: WaitOptions): Promise<V> {
    using limit = new TimeLimit(wait, () => this.#timeoutError(wait.timeout))
    const { id } = this.#rows
    return await flightsOf(this.#store).join(id, (waiters) => this.#produce(waiters), limit.signal)
  }

  get #keepsNothing(): boolean {
    return this.#options.ttl + this.#options.staleFor === 0
  }

  get #leases(): Leases {
    const terms = { key: this.#key, rowKey: this.#rows.lease, capacity: 1, lease: this.#options.lease }
    // With the value's tag: what is evicted while it is computed must not stay, either.
    return new Leases({ store: this.#store, ...terms, tag: this.#options.tag, isTransient: true })
  }

  /** Returns the value for all who wait for it in this process. */
  async #produce(waiters: Waiters): Promise<V> {
    const turn = this.#keepsNothing ? 'without store' : await this.#turn(waiters.signal)
    if (turn === 'without store') return this.#computeAlone(waiters)
    if ('row' in turn) return turn.row.value
    if ('failure' in turn) throw reviveError(turn.failure)
    return this.#compute(turn.hold, waiters)
  }

  async #turn(signal: AbortSignal): Promise<Turn<V>> {
    try {
      return await this.#elect(signal)
    } catch (error) {
      this.#surrender(error, signal)
      return 'without store'
    }
  }

  /** Waits until this process is elected, or the elected one has come to an end. */
  async #elect(signal: AbortSignal): Promise<Turn<V>> {
    const leases = this.#leases
    for (;;) {
      const attempt = await leases.attempt({ signal })
      if (attempt instanceof LeasedHold) return { hold: attempt }
      await leases.waitAfter(attempt, signal)
      const last = (await this.#leaseRow({ signal }))?.lastOutcome
      if (last !== undefined && attempt.row?.holds.some(({ owner }) => owner === last.owner)) {
        return last.failure === undefined ? 'without store' : { failure: last.failure }
      }
      const row = await this.#read({ signal, fresh: true })
      if (row !== undefined) return { row }
    }
  }

  /** Computes the value without the store. */
  async #computeAlone(waiters: Waiters): Promise<V> {
    using term = this.#term(waiters.signal)
    const making = this.#begin(term)
    try {
      return await abortable(making, term.signal)
    } catch (error) {
      if (term.isUp) return this.#late(making, waiters, error)
      throw error
    }
  }

  /**
   * Computes the value under a lease, unless it is there by now, perhaps since before the lease was acquired. The lease
   * ends with the computation, when nobody waits for it any more, or when it takes too long.
   */
  async #compute(hold: LeasedHold, waiters?: Waiters, seen?: ResultRow<V>): Promise<V> {
    using term = this.#term(waiters?.signal)
    let outcome: Outcome | undefined
    let making: Promise<V> | undefined
    try {
      const row = await this.#read({ signal: term.signal, fresh: true })
      if (row !== undefined && row.token !== seen?.token) return row.value
      const start = performance.now()
      making = this.#begin(term)
      const value = await abortable(making, term.signal)
      const isStored = await this.#write(value, performance.now() - start, hold)
      if (!isStored) outcome = {}
      return value
    } catch (error) {
      // That all callers gave up, or that it takes too long, says nothing to those in other processes.
      if (!term.signal.aborted) outcome = { failure: describeError(error) }
      else if (term.isUp && making !== undefined && waiters !== undefined)
        return this.#late(making, waiters, error)
      throw error
    } finally {
      await this.#conclude(hold, outcome)
    }
  }

  #term(callers = new AbortController().signal): ComputationTerm {
    return new ComputationTerm(this.#options.computeTimeout, callers, () => this.#slowError())
  }

  async #begin({ signal }: ComputationTerm): Promise<V> {
    return this.#make({ signal })
  }

  /** Returns what a computation that takes too long still gives, for the caller that began it. Others begin anew. */
  #late(making: Promise<V>, waiters: Waiters, error: unknown): Promise<V> {
    waiters.letGo()
    this.#report(error)
    return making
  }

  /**
   * Computes the value anew, unless somebody already does. When this fails, the value that is there stays, and nobody
   * tries again for a second.
   */
  async #refresh(seen: ResultRow<V>): Promise<void> {
    const refreshes = refreshesOf(this.#store)
    const { id } = this.#rows
    if (refreshes.has(id)) return
    refreshes.add(id)
    try {
      const lease = await this.#leaseRow({})
      // A look by this process's clock, which is cheaper than an attempt.
      if (lease?.lastOutcome !== undefined || liveHolds(lease, Date.now()).length > 0) return
      const attempt = await this.#leases.attempt({})
      if (attempt instanceof LeasedHold) await this.#compute(attempt, undefined, seen)
    } catch (error) {
      this.#report(error)
    } finally {
      refreshes.delete(id)
    }
  }

  async #leaseRow(options: Abortable): Promise<HoldRow | undefined> {
    const { lease } = this.#rows
    const row = await this.#store.get(lease, { ...options, fresh: true })
    return row === undefined ? undefined : checkHoldRow(lease, row)
  }

  /** Returns the row if it is fresh enough for this caller; a failure of the store counts as a miss. */
  async #read(options: GetOptions & Abortable): Promise<ResultRow<V> | undefined> {
    try {
      const { result } = this.#rows
      const found = await this.#store.get(result, options)
      if (found === undefined) return undefined
      const row = checkRow<ResultRow<V>>(result, found, ['delta', 'token'])
      return isAcceptable(row, this.#options.staleFor) ? row : undefined
    } catch (error) {
      this.#surrender(error, options.signal)
      return undefined
    }
  }

  async #write(value: V, delta: number, { token }: LeasedHold): Promise<boolean> {
    const { ttl, staleFor, tag } = this.#options
    const softExpiry = ttl === Infinity ? null : Date.now() + ttl
    const row: ResultRow<V> = { value, delta, softExpiry, token }
    try {
      if (await this.#store.set(this.#rows.result, row, { ttl: ttl + staleFor, tag })) return true
      const message = `Cannot keep the result for ${quote(this.#key)}: it is larger than the store accepts`
      this.#report(new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', message, { key: this.#key }))
    } catch (error) {
      if (isMisuse(error)) throw error
      this.#report(error)
    }
    return false
  }

  /** Releases the lease, and removes a value that was forgotten while it was being computed. */
  async #conclude(hold: LeasedHold, outcome: Outcome | undefined): Promise<void> {
    try {
      if (await hold.releaseWith(outcome)) return
      await this.#store.update(this.#rows.result, (entry) => {
        const isOurs = (entry?.value as ResultRow | undefined)?.token === hold.token
        return isOurs ? { delete: true } : { keep: true }
      })
    } catch (error) {
      this.#report(error)
    }
  }

  /** Goes on without the store, unless nobody wants the value any more, the store is closed, or it was misused. */
  #surrender(error: unknown, signal: AbortSignal | undefined): void {
    if (signal?.aborted || isMisuse(error) || hasCode(error, 'ERR_DISKCACHE_CLOSED')) throw error
    this.#report(error)
  }

  #slowError(): DiskCacheError {
    const { computeTimeout } = this.#options
    const message = `Cannot wait longer for ${quote(this.#key)}: computing it takes more than ${computeTimeout} ms (computeTimeout)`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message, { key: this.#key })
  }

  #timeoutError(timeout: number | undefined): DiskCacheError {
    const message = `Cannot get a value for ${quote(this.#key)}: it was not there after ${timeout} ms`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message, { key: this.#key })
  }

  #report(error: unknown): void {
    tell(this.#store, this.#key, error)
    const { onError } = this.#options
    if (onError === undefined) return
    const told = (async () => await onError(error))()
    told.catch((second) => tell(this.#store, this.#key, second))
  }
}

/** Forgets the value of `key`, and whatever is being computed for it. Returns whether there was one. */
export async function forgetValue(store: RecipeStore, key: Key): Promise<boolean> {
  refuseInTransaction(store)
  const { id, lease, result } = rowsOf(key)
  flightsOf(store).forget(id)
  // The lease goes first: who computes without it finds out after it has written, and removes what it wrote.
  await store.delete(lease)
  return store.delete(result)
}

interface ComputedRows {
  readonly id: string
  readonly result: Key
  readonly lease: Key
}

function rowsOf(key: Key): ComputedRows {
  return { id: identityOf(key), result: rowKey('getOrSet', key), lease: rowKey('lease', key) }
}

function isMisuse(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError
}

function tell(store: RecipeStore, key: Key, error: unknown): void {
  if (errorChannel.hasSubscribers)
    errorChannel.publish({ store: nameOf(store), key, reason: 'failed', error })
}
