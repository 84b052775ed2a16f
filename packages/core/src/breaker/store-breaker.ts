import { healthChannel } from '../contract/diagnostics.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { StoreHealth, StoreStatus } from '../contract/store-health.ts'
import { perStore } from '../stores/per-store.ts'
import { nameOf, type RecipeStore } from '../stores/recipe-store.ts'
import { rowKey } from '../stores/row-key.ts'
import { wholeOf } from '../stores/store-part.ts'
import { realTimers } from '../waiting/real-timers.ts'
import { Attempt, type AttemptListener, type Terms } from './attempt.ts'
import { Circuit } from './circuit.ts'
import { Offers } from './offers.ts'
import { type Access, Patience } from './patience.ts'
import { tellFailure } from './tell-failure.ts'
import { isTrouble } from './trouble.ts'
import { type Waiting, watchWaiting } from './waiting-time.ts'

/** What probes ask for: nobody stores anything there, and reads need not wait behind writes. */
const PROBE_KEYS = { read: rowKey('breaker', 'read'), write: rowKey('breaker', 'write') }

/** What the caller of an operation that has no patience of its own tells the others. */
const PATIENT = new Patience()

/**
 * Lets nobody wait twice for a store that is away: when it does not answer, calls fail at once, and probes find out, one
 * at a time and in the background, when it is back. Where only writing is in trouble, as with a lock that another
 * process holds, reading goes on.
 */
export class StoreBreaker implements Waiting, AttemptListener<Attempt> {
  readonly #store: RecipeStore
  readonly #circuits: Readonly<Record<Access, Circuit>> = { read: new Circuit(), write: new Circuit() }
  readonly #attempts = new Set<Attempt>()
  readonly #probes = new WeakSet<Attempt>()
  readonly #offers = new Offers()
  /** How many answers came in time that were waited for. */
  readonly #answers: Record<Access, number> = { read: 0, write: 0 }
  #isWatched = false
  /** How long the store may take to answer whether it can be used at all, while that is asked, in milliseconds. */
  #doubtLimit: number | undefined
  #status: StoreStatus = 'up'
  #since = Date.now()

  constructor(store: RecipeStore) {
    this.#store = store
  }

  /** How the store does, as far as this process has noticed. */
  get health(): StoreHealth {
    const { read, write } = this.#circuits
    const error = read.trouble ?? write.trouble
    return { status: this.#status, since: this.#since, ...(error === undefined ? {} : { error }) }
  }

  /** Whether an operation would be refused whose caller has limited patience. */
  isOpen(access: Access): boolean {
    const { read, write } = this.#circuits
    return read.isOpen || (access === 'write' && write.isOpen)
  }

  /**
   * Carries out an operation, and settles as it does.
   *
   * @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE when the store is away, or found to be so meanwhile;
   * ERR_DISKCACHE_TIMEOUT when the patience is over
   */
  run<T>(terms: Terms, operation: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    const isHopeless = this.#status !== 'up' && this.#isHopeless(terms)
    if (isHopeless && !terms.isDue) return this.#refuse()
    const attempt = this.#begin(terms, operation)
    if (isHopeless) attempt.leave(this.#unavailable())
    return attempt.result
  }

  /** Refuses in a later turn of the event loop: who tries again and again must not keep the store from coming back. */
  async #refuse(): Promise<never> {
    const error = this.#unavailable()
    await realTimers.turn()
    throw error
  }

  /** Keeps something that was made while the store was away, to be offered to it when it is back soon. */
  offer(id: string, store: () => Promise<unknown>): void {
    this.#offers.add(id, store)
    if (this.#status === 'up') this.#makeOffers()
  }

  /** How often {@link withdraw} was called: what was begun before the last time is not to be offered. */
  get withdrawals(): number {
    return this.#offers.withdrawals
  }

  /** Takes back what {@link offer} keeps. */
  withdraw(id: string): void {
    this.#offers.withdraw(id)
  }

  /** Lets time pass for all that are under way. */
  waited(time: number): boolean {
    // Not those that begin because of others.
    for (const attempt of [...this.#attempts]) {
      attempt.waited(time)
      if (attempt.isForgotten) this.#attempts.delete(attempt)
    }
    this.#isWatched = this.#attempts.size > 0
    return this.#isWatched
  }

  /** The store is there. */
  answered(attempt: Attempt): void {
    this.#attempts.delete(attempt)
    // A store that answers, but too late, is of no use: the next probe tells when it is in time again.
    if (attempt.isLate) return
    // What was not waited for may come from the memory of this process.
    if (attempt.hasWaited) this.#answers[attempt.terms.access]++
    if (this.#status === 'up') return
    this.#circuits.read.close()
    if (attempt.terms.access === 'write') this.#circuits.write.close()
    this.#update()
  }

  /** The store may not be there, or one key is at fault. */
  failed(attempt: Attempt, error: unknown): void {
    this.#attempts.delete(attempt)
    if (!this.#probes.has(attempt) && isTrouble(error)) this.#doubt(attempt.terms.access, attempt.bound)
  }

  /** Nobody wants it any more. */
  takenBack(attempt: Attempt): void {
    this.#attempts.delete(attempt)
  }

  /** Another key tells whether it is the store, or only what was asked for that takes its time. */
  doubted(attempt: Attempt): void {
    const { terms, bound } = attempt
    if (terms.access === 'read' && !this.#probes.has(attempt)) this.#doubt('read', bound, bound / 2)
  }

  /** A write takes too long. */
  late(attempt: Attempt): void {
    if (attempt.terms.access === 'read' || this.#probes.has(attempt)) return
    const message = `Cannot write: the store did not do it within ${attempt.bound} ms`
    this.#open('write', new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message), attempt.bound)
    this.#doubt('read', PATIENT.bound('read'))
  }

  #begin<T>(
    terms: Terms,
    operation: (signal: AbortSignal | undefined) => Promise<T>,
    bound = (terms.patience ?? PATIENT).bound(terms.access),
  ): Attempt<T> {
    terms.patience?.begin(terms.access)
    const attempt = new Attempt(this, terms, bound, operation)
    this.#attempts.add(attempt as Attempt)
    if (!this.#isWatched) {
      this.#isWatched = true
      watchWaiting(this)
    }
    return attempt
  }

  /** Returns whether there is no use in waiting. Who has all the time in the world only gives up on a store that is away. */
  #isHopeless({ access, patience }: Terms): boolean {
    return patience === undefined ? this.#circuits.read.isConfirmed : this.isOpen(access)
  }

  /**
   * Asks whether the store can be used at all, as something has gone wrong, and waits `limit` milliseconds for the answer.
   * It has `bound` milliseconds when it is asked whether it is back.
   */
  async #doubt(access: Access, bound: number, limit = bound): Promise<void> {
    // One who waits long must not keep the others from finding out earlier.
    const isAsked = this.#doubtLimit !== undefined && this.#doubtLimit <= limit
    if (isAsked || this.isOpen(access)) return
    this.#doubtLimit = limit
    const answers = this.#answers[access]
    const trouble = await this.#probe(access, limit)
    if (this.#doubtLimit === limit) this.#doubtLimit = undefined
    // What is slow, but answers others in time, is not away.
    if (trouble === undefined || this.#answers[access] > answers) return
    this.#open(access, trouble, bound)
    if (access === 'write') this.#doubt('read', PATIENT.bound('read'))
  }

  #open(access: Access, trouble: unknown, bound: number): void {
    const circuit = this.#circuits[access]
    if (circuit.isOpen) return
    circuit.open(trouble)
    this.#update()
    tellFailure({ store: nameOf(this.#store) }, trouble)
    this.#dismiss()
    this.#awaitReturn(access, circuit, bound)
  }

  /** Probes until the store is back. */
  async #awaitReturn(access: Access, circuit: Circuit, bound: number): Promise<void> {
    const { openings } = circuit
    const isOpen = () => circuit.isOpen && circuit.openings === openings
    while (isOpen()) {
      await realTimers.delay(circuit.rest, undefined, { ref: false })
      // Writes need what reads need.
      if (!isOpen() || (access === 'write' && this.#circuits.read.isOpen)) continue
      const trouble = await this.#probe(access, bound)
      if (trouble === undefined) circuit.close()
      else circuit.confirm(trouble)
      this.#update()
      this.#dismiss()
    }
  }

  /** Returns why the store does not answer within `limit` milliseconds; `undefined` when it does. */
  async #probe(access: Access, limit: number): Promise<unknown> {
    const terms = { access, patience: new Patience({ storeTimeout: limit }) }
    const ask = (signal: AbortSignal | undefined): Promise<unknown> => {
      if (access === 'read') return this.#store.get(PROBE_KEYS.read, { fresh: true })
      return this.#store.update(PROBE_KEYS.write, () => ({ keep: true }), { signal })
    }
    const attempt = this.#begin(terms, ask, limit)
    this.#probes.add(attempt)
    try {
      await attempt.result
    } catch (error) {
      if (isTrouble(error)) return error ?? new Error('The store fails, and does not say why')
    } finally {
      this.#attempts.delete(attempt)
    }
    return undefined
  }

  /** Lets those go on without the store who wait in vain. */
  #dismiss(): void {
    if (this.#status === 'up') return
    const inVain = Array.from(this.#attempts).filter(
      (attempt) => !this.#probes.has(attempt) && this.#isHopeless(attempt.terms),
    )
    for (const attempt of inVain) attempt.leave(this.#unavailable())
  }

  #update(): void {
    const { read, write } = this.#circuits
    const status = read.isOpen ? 'away' : write.isOpen ? 'busy' : 'up'
    if (status === this.#status) return
    this.#status = status
    this.#since = Date.now()
    if (healthChannel.hasSubscribers) {
      const { error } = this.health
      healthChannel.publish({ store: nameOf(this.#store), reason: status, error })
    }
    if (status === 'up') this.#makeOffers()
  }

  #makeOffers(): void {
    this.#offers.make(() => this.#status === 'up')
  }

  #unavailable(): DiskCacheError {
    const { status, error } = this.health
    const message =
      status === 'busy'
        ? 'Cannot write: the store is busy, as others have its lock; it is tried again in the background'
        : 'Cannot use the store: it is away; it is tried again in the background'
    return new DiskCacheError('ERR_DISKCACHE_UNAVAILABLE', message, { cause: error })
  }
}

const breakers = perStore((store) => new StoreBreaker(store))

/** Returns the breaker of a store, which all share who use the store, or a namespace of it. */
export function breakerOf(store: RecipeStore): StoreBreaker {
  return breakers(wholeOf(store))
}
