import {
  abortable,
  breakerOf,
  DiskCacheError,
  describeError,
  type Failure,
  guarded,
  identityOf,
  type Key,
  LeasedHold,
  liveHolds,
  type Outcome,
  Patience,
  perStore,
  quote,
  type RecipeStore,
  refuseInTransaction,
  TimeLimit,
  type WaitOptions,
} from '@diskcache/core'
import { ComputationTerm } from './computation-term.ts'
import type { ComputeOptions } from './compute-options.ts'
import { flightsOf, type Waiters } from './flights.ts'
import { KeptResult, leaseKey, resultKey } from './kept-result.ts'
import { isDue, type KeptRow, valueOrThrow } from './result-row.ts'

/** Computes a value. The signal fires when nobody waits for the value any more. */
export type Compute<V> = (context: { readonly signal: AbortSignal }) => V | Promise<V>

/**
 * The outcome of an election: to compute under a lease, without one as the result is of no use to others, or because the
 * store is away, or to take what became of it in another process.
 */
type Turn<V> =
  | { readonly hold: LeasedHold }
  | { readonly end: { readonly value: V } | { readonly failure: Failure } }
  | 'alone'
  | 'away'

/** Returns the keys of a store that this process computes anew in the background. */
const refreshesOf = perStore(() => new Set<string>())

/**
 * A value in the store that is computed when it is missing, by one process for all, and anew in the background when it
 * is due. Where the store fails, or takes too long, the value is computed all the same.
 */
export class ComputedValue<V> {
  readonly #kept: KeptResult<V>
  readonly #make: Compute<V>

  constructor(store: RecipeStore, key: Key, make: Compute<V>, options: ComputeOptions) {
    this.#kept = new KeptResult(store, key, options)
    this.#make = make
  }

  async get({ timeout = Infinity, signal }: WaitOptions): Promise<V> {
    refuseInTransaction(this.#kept.store)
    if (timeout === Infinity) return this.#get(signal)
    using limit = new TimeLimit({ timeout, signal }, () => this.#timeoutError(timeout))
    return await this.#get(limit.signal)
  }

  /** Returns the value that is there, or computes it, or waits for whoever does. */
  async #get(signal: AbortSignal | undefined): Promise<V> {
    const patience = new Patience(this.#options)
    const row = this.#keepsNothing ? undefined : await this.#kept.read(patience, { signal })
    if (row === undefined) {
      const { store, id } = this.#kept
      return flightsOf(store).join(id, (waiters) => this.#produce(waiters, patience), signal)
    }
    if (isDue(row, this.#options.beta)) this.#refresh(row)
    return valueOrThrow(row)
  }

  get #options(): ComputeOptions {
    return this.#kept.options
  }

  get #keepsNothing(): boolean {
    const { ttl } = this.#kept
    const { staleFor, failureTtl = 0 } = this.#options
    const longest = typeof ttl === 'object' ? ttl.max : ttl
    return longest === 0 && staleFor === 0 && failureTtl === 0
  }

  /** Returns the value for all who wait for it in this process. */
  async #produce(waiters: Waiters, patience: Patience): Promise<V> {
    const turn = this.#keepsNothing ? 'alone' : await this.#turn(waiters.signal, patience)
    if (turn === 'alone' || turn === 'away') return this.#computeAlone(waiters, turn)
    if ('end' in turn) return valueOrThrow(turn.end)
    return this.#compute(turn.hold, { waiters, patience })
  }

  async #turn(signal: AbortSignal, patience: Patience): Promise<Turn<V>> {
    try {
      return await this.#elect(signal, patience)
    } catch (error) {
      this.#kept.report.tellUnlessFatal(error, signal)
      return 'away'
    }
  }

  /** Waits until this process is elected, or the elected one has come to an end. */
  async #elect(signal: AbortSignal, patience: Patience): Promise<Turn<V>> {
    const leases = this.#kept.leases
    for (;;) {
      const attempt = await leases.attempt({ signal, patience })
      if (attempt instanceof LeasedHold) return { hold: attempt }
      await leases.waitAfter(attempt, signal)
      const last = (await this.#kept.leaseRow(patience, { signal }))?.lastOutcome
      if (last !== undefined && attempt.row?.holds.some(({ owner }) => owner === last.owner)) {
        if (last.failure !== undefined) return { end: { failure: last.failure } }
        return 'value' in last ? { end: { value: last.value as V } } : 'alone'
      }
      const row = await this.#kept.read(patience, { signal, fresh: true })
      if (row !== undefined) return { end: row }
    }
  }

  /** Computes the value without the store. */
  async #computeAlone(waiters: Waiters, why: 'alone' | 'away'): Promise<V> {
    using term = this.#term(waiters.signal)
    const start = performance.now()
    const making = this.#begin(term)
    try {
      const value = await abortable(making, term.signal)
      if (why === 'away') this.#kept.offer(value, performance.now() - start)
      return value
    } catch (error) {
      if (term.isUp) return this.#late(making, waiters, error)
      throw error
    }
  }

  /**
   * Computes the value under a lease, unless it is there by now, perhaps since before the lease was acquired. The lease
   * ends with the computation, when nobody waits for it any more, or when it takes too long.
   */
  async #compute(
    hold: LeasedHold,
    { waiters, patience, seen }: { waiters?: Waiters; patience?: Patience; seen?: KeptRow<V> },
  ): Promise<V> {
    using term = this.#term(waiters?.signal)
    let outcome: Outcome | undefined
    let making: Promise<V> | undefined
    try {
      const row = await this.#kept.read(patience, { signal: term.signal, fresh: true })
      if (row !== undefined && row.token !== seen?.token) return valueOrThrow(row)
      const start = performance.now()
      making = this.#begin(term)
      const value = await abortable(making, term.signal)
      outcome = await this.#kept.keep(value, performance.now() - start, hold, patience)
      return value
    } catch (error) {
      // That all callers gave up, or that it takes too long, says nothing to those in other processes.
      if (!term.signal.aborted) {
        outcome = { failure: describeError(error) }
        if (making !== undefined) await this.#kept.keepFailure(error, hold, patience)
      } else if (term.isUp && making !== undefined && waiters !== undefined)
        return this.#late(making, waiters, error)
      throw error
    } finally {
      await this.#kept.conclude(hold, outcome, patience)
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
    this.#kept.report.tell(error)
    return making
  }

  /**
   * Computes the value anew, unless somebody already does. When this fails, or gives what is not kept, the value that is there stays, and nobody
   * tries again for a second.
   */
  async #refresh(seen: KeptRow<V>): Promise<void> {
    const { store, id, report } = this.#kept
    const refreshes = refreshesOf(store)
    if (refreshes.has(id)) return
    refreshes.add(id)
    try {
      const lease = await this.#kept.leaseRow(undefined, {})
      // A look by this process's clock, which is cheaper than an attempt.
      if (lease?.lastOutcome !== undefined || liveHolds(lease, Date.now()).length > 0) return
      const attempt = await this.#kept.leases.attempt({})
      if (attempt instanceof LeasedHold) await this.#compute(attempt, { seen })
    } catch (error) {
      report.tell(error)
    } finally {
      refreshes.delete(id)
    }
  }

  #slowError(): DiskCacheError {
    const { computeTimeout } = this.#options
    const message = `Cannot wait longer for ${quote(this.#kept.key)}: computing it takes more than ${computeTimeout} ms (computeTimeout)`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message, { key: this.#kept.key })
  }

  #timeoutError(timeout: number): DiskCacheError {
    const message = `Cannot get a value for ${quote(this.#kept.key)}: it was not there after ${timeout} ms`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message, { key: this.#kept.key })
  }
}

/**
 * Forgets the value of `key`, and whatever is being computed for it, or was and is kept for the store. Returns whether
 * there was one.
 */
export async function forgetValue(store: RecipeStore, key: Key): Promise<boolean> {
  refuseInTransaction(store)
  const id = identityOf(key)
  flightsOf(store).forget(id)
  breakerOf(store).withdraw(id)
  // The lease goes first: who computes without it finds out after it has written, and removes what it wrote.
  await guarded(store).delete(leaseKey(key))
  return guarded(store).delete(resultKey(key))
}
