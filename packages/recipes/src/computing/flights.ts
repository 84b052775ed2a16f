import { abortable, perStore } from '@diskcache/core'

/** Those who wait for a computation, as it sees them. */
export interface Waiters {
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal
  /** Lets all go but the caller that began the computation: they begin anew, each as if it had come now. */
  letGo(): void
}

/** A computation under way in this process. */
interface Flight {
  readonly result: Promise<unknown>
  readonly controller: AbortController
  /** Resolves when those who joined are let go. */
  readonly left: Promise<typeof LET_GO>
  /** How many callers still wait for the result. */
  callers: number
  isOver: boolean
}

/** What a caller that is let go has instead of a result. */
const LET_GO = Symbol('let go')

/** The computations under way in this process, so that those who ask for the same share one. */
export class Flights {
  readonly #flights = new Map<string, Flight>()

  /**
   * Joins the flight of `id`, or begins one, and returns its result. A caller that gives up leaves the others alone;
   * `begin` is told when all of them have.
   */
  async join<T>(
    id: string,
    begin: (waiters: Waiters) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (;;) {
      signal?.throwIfAborted()
      const known = this.#flights.get(id)
      const flight = known ?? this.#begin(id, begin)
      const end = known === undefined ? flight.result : Promise.race([flight.left, flight.result])
      const result = await this.#wait(id, flight, end, signal)
      if (result !== LET_GO) return result as T
    }
  }

  /** Forgets the flight of `id`: callers from now on begin anew. */
  forget(id: string): void {
    this.#flights.delete(id)
  }

  async #wait(
    id: string,
    flight: Flight,
    end: Promise<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    flight.callers++
    try {
      return await abortable(end, signal)
    } finally {
      if (--flight.callers === 0 && !flight.isOver) {
        this.#remove(id, flight)
        flight.controller.abort(signal?.reason)
      }
    }
  }

  #begin(id: string, begin: (waiters: Waiters) => Promise<unknown>): Flight {
    const controller = new AbortController()
    const left = Promise.withResolvers<typeof LET_GO>()
    const letGo = () => {
      this.#remove(id, flight)
      left.resolve(LET_GO)
    }
    const result = begin({ signal: controller.signal, letGo })
    const flight: Flight = { result, controller, left: left.promise, callers: 0, isOver: false }
    const end = () => {
      flight.isOver = true
      this.#remove(id, flight)
    }
    this.#flights.set(id, flight)
    result.then(end, end)
    return flight
  }

  #remove(id: string, flight: Flight): void {
    if (this.#flights.get(id) === flight) this.#flights.delete(id)
  }
}

/** Returns the flights of a store. */
export const flightsOf = perStore(() => new Flights())
