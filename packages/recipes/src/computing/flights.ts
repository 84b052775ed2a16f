import { abortable, perStore } from '@diskcache/core'

/** A computation under way in this process. */
interface Flight {
  readonly result: Promise<unknown>
  readonly controller: AbortController
  /** How many callers still wait for the result. */
  callers: number
  isOver: boolean
}

/** The computations under way in this process, so that those who ask for the same share one. */
export class Flights {
  readonly #flights = new Map<string, Flight>()

  /**
   * Joins the flight of `id`, or begins one, and returns its result. A caller that gives up leaves the others alone;
   * the signal that `begin` is given is aborted when all of them have.
   */
  async join<T>(id: string, begin: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    const flight = this.#flights.get(id) ?? this.#begin(id, begin)
    flight.callers++
    try {
      return (await abortable(flight.result, signal)) as T
    } finally {
      if (--flight.callers === 0 && !flight.isOver) {
        this.#remove(id, flight)
        flight.controller.abort(signal.reason)
      }
    }
  }

  /** Forgets the flight of `id`: callers from now on begin anew. */
  forget(id: string): void {
    this.#flights.delete(id)
  }

  #begin(id: string, begin: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController()
    const result = begin(controller.signal)
    const flight: Flight = { result, controller, callers: 0, isOver: false }
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
