import { abortable } from '@diskcache/core'
import { LRUCache } from 'lru-cache'
import type { Client } from '../exchange/client.ts'
import { Lease, type Leases, type Verdict } from './leases.ts'

/**
 * What becomes of those who wait for another's answer: it may be in the store now (`'look'`), its client does not read it
 * (`'held'`), it cannot be shared and each asks the application (`'alone'`), or the application failed (`'failed'`).
 */
export type Outcome = 'look' | 'held' | Verdict

/** Somebody who needs an answer of the application. */
export interface Waiter {
  readonly client: Client
  /** When the request came, by the system's clock, in epoch milliseconds: earlier failures are none of its business. */
  readonly since: number
  /** Until when to wait for another's answer. */
  readonly deadline: AbortSignal
}

/** How many URLs are remembered that nobody should wait for. */
const MAX_UNCOLLAPSIBLE = 10_000

/** How long they are, in milliseconds. */
const UNCOLLAPSIBLE_MS = 2_000

/** One request to the application, whose answer others of this process wait for. */
export class Flight {
  /** Requests with this id wait for this flight. */
  readonly id: string
  /** Resolves with what those who wait should do. */
  readonly outcome: Promise<Outcome>
  readonly #waiting = new Set<object>()
  readonly #settle: (outcome: Outcome) => void
  readonly #over: (verdict: Verdict | undefined) => void
  #lease: Lease | undefined
  #limit: NodeJS.Timeout | undefined
  #isOver = false
  #left: (() => void) | undefined

  constructor(id: string, over: (verdict: Verdict | undefined) => void) {
    this.id = id
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.outcome = promise
    this.#settle = resolve
    this.#over = over
  }

  /** Whether somebody of this process waits. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0
  }

  /** Calls the listener when nobody waits any more, since the last one has left. */
  onLeft(listener: () => void): void {
    this.#left = listener
  }

  /** Waits for the outcome, as one who may leave. Rejects with the signal's reason. */
  async wait(client: Client, deadline: AbortSignal): Promise<Outcome> {
    const one = {}
    const leave = () => {
      if (this.#waiting.delete(one) && !this.isAwaited) this.#left?.()
    }
    this.#waiting.add(one)
    const forget = client.onGone(leave)
    try {
      return await abortable(this.outcome, deadline)
    } finally {
      forget()
      leave()
    }
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
    const verdict = outcome === 'look' || outcome === 'held' ? undefined : outcome
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
  readonly #uncollapsible = new LRUCache<string, true>({
    max: MAX_UNCOLLAPSIBLE,
    ttl: UNCOLLAPSIBLE_MS,
    ttlResolution: 0,
  })

  constructor({ leases, timeout }: CollapseOptions) {
    this.#leases = leases
    this.#timeout = timeout
  }

  /** A flight of one's own, to be ended in any case; or what became of another's, after the deadline at the latest. */
  async enter(id: string, waiter: Waiter): Promise<Flight | Outcome> {
    if (this.#uncollapsible.has(id)) return 'alone'
    const other = this.#flights.get(id)
    if (other !== undefined) return this.#await(id, other, waiter)
    const flight = this.#begin(id)
    const lease = await this.#leases.acquire(id, waiter.since)
    if (lease instanceof Lease) flight.carry(lease, this.#timeout)
    else flight.end(lease === 'taken' ? await this.#awaitOthers(id, waiter.deadline) : lease)
    return lease instanceof Lease ? flight : flight.outcome
  }

  /** A flight, if nobody in the cluster has one. */
  async tryEnter(id: string): Promise<Flight | undefined> {
    if (this.#flights.has(id) || this.#uncollapsible.has(id)) return undefined
    const flight = this.#begin(id)
    // A failure counts while it is remembered: nobody waits for this one, and the application may need a rest.
    const lease = await this.#leases.acquire(id, 0)
    if (lease instanceof Lease) {
      flight.carry(lease)
      return flight
    }
    flight.end(lease === 'taken' ? 'look' : lease)
    return undefined
  }

  #begin(id: string): Flight {
    const flight = new Flight(id, (verdict) => {
      this.#flights.delete(id)
      if (verdict === 'alone') this.#uncollapsible.set(id, true)
    })
    this.#flights.set(id, flight)
    return flight
  }

  async #await(id: string, flight: Flight, { client, deadline }: Waiter): Promise<Outcome> {
    try {
      return await flight.wait(client, deadline)
    } catch {
      // It may never end; who comes next should not wait as long again.
      this.#uncollapsible.set(id, true, { ttl: this.#timeout })
      return 'alone'
    }
  }

  async #awaitOthers(id: string, deadline: AbortSignal): Promise<Outcome> {
    try {
      await this.#leases.free(id, deadline)
      return 'look'
    } catch {
      this.#uncollapsible.set(id, true, { ttl: this.#timeout })
      return 'alone'
    }
  }
}
