import { abortable } from '@diskcache/core'
import { LRUCache } from 'lru-cache'
import { Lease, type Leases, type Verdict } from './leases.ts'

/**
 * What becomes of those who wait for another's answer: it may be in the store now (`'look'`), it cannot be shared and
 * each asks the application (`'alone'`), or the application failed (`'failed'`).
 */
export type Outcome = 'look' | Verdict

/** How many URLs are remembered that nobody should wait for. */
const MAX_UNCOLLAPSIBLE = 10_000

/** How long they are, in milliseconds. */
const UNCOLLAPSIBLE_MS = 2_000

/** One request to the application, whose answer others of this process wait for. */
export class Flight {
  /** Resolves with what those who wait should do. */
  readonly outcome: Promise<Outcome>
  readonly #settle: (outcome: Outcome) => void
  readonly #over: (verdict: Verdict | undefined) => void
  #lease: Lease | undefined
  #limit: NodeJS.Timeout | undefined
  #isOver = false

  constructor(over: (verdict: Verdict | undefined) => void) {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.outcome = promise
    this.#settle = resolve
    this.#over = over
  }

  /** After `limit` milliseconds, if given, another may try: the client of this one may be slow to read on purpose. */
  carry(lease: Lease, limit?: number): void {
    this.#lease = lease
    if (limit !== undefined) this.#limit = setTimeout(() => this.end('look'), limit).unref()
  }

  /** Lets the others go on; later calls do nothing. */
  end(outcome: Outcome): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#limit)
    const verdict = outcome === 'look' ? undefined : outcome
    this.#over(verdict)
    this.#lease?.release(verdict)
    this.#settle(outcome)
  }
}

export interface CollapseOptions {
  readonly leases: Leases
  /** How long a request waits for another's answer, in milliseconds. */
  readonly timeout: number
}

/** Lets requests for one answer wait for the first of them, in this process and in others. */
export class Collapse {
  readonly #leases: Leases
  readonly #timeout: number
  readonly #flights = new Map<string, Flight>()
  /** What nobody should wait for. Without a resolution there is no timer. */
  readonly #uncollapsible = new LRUCache<string, Verdict>({
    max: MAX_UNCOLLAPSIBLE,
    ttl: UNCOLLAPSIBLE_MS,
    ttlResolution: 0,
  })

  constructor({ leases, timeout }: CollapseOptions) {
    this.#leases = leases
    this.#timeout = timeout
  }

  /** A flight of one's own, to be ended in any case; or what became of another's, after `deadline` at the latest. */
  async enter(id: string, deadline: AbortSignal): Promise<Flight | Outcome> {
    const verdict = this.#uncollapsible.get(id)
    if (verdict !== undefined) return verdict
    const other = this.#flights.get(id)
    if (other !== undefined) return this.#await(id, other, deadline)
    const flight = this.#begin(id)
    const lease = await this.#leases.acquire(id)
    if (lease instanceof Lease) flight.carry(lease, this.#timeout)
    else flight.end(lease === 'taken' ? await this.#awaitOthers(id, deadline) : lease)
    return lease instanceof Lease ? flight : flight.outcome
  }

  /** A flight, if nobody in the cluster has one. */
  async tryEnter(id: string): Promise<Flight | undefined> {
    if (this.#flights.has(id) || this.#uncollapsible.has(id)) return undefined
    const flight = this.#begin(id)
    const lease = await this.#leases.acquire(id)
    if (lease instanceof Lease) {
      flight.carry(lease)
      return flight
    }
    flight.end(lease === 'taken' ? 'look' : lease)
    return undefined
  }

  #begin(id: string): Flight {
    const flight = new Flight((verdict) => {
      this.#flights.delete(id)
      if (verdict !== undefined) this.#uncollapsible.set(id, verdict)
    })
    this.#flights.set(id, flight)
    return flight
  }

  async #await(id: string, { outcome }: Flight, deadline: AbortSignal): Promise<Outcome> {
    try {
      return await abortable(outcome, deadline)
    } catch {
      // It may never end; who comes next should not wait as long again.
      this.#uncollapsible.set(id, 'alone', { ttl: this.#timeout })
      return 'alone'
    }
  }

  async #awaitOthers(id: string, deadline: AbortSignal): Promise<Outcome> {
    try {
      await this.#leases.free(id, deadline)
      return 'look'
    } catch {
      this.#uncollapsible.set(id, 'alone', { ttl: this.#timeout })
      return 'alone'
    }
  }
}
