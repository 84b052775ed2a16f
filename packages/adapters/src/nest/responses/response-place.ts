import { randomUUID } from 'node:crypto'
import type { AsyncStore, Entry, Key, Tag } from '@diskcache/core'
import type { Logger } from '@nestjs/common'
import type { KeptResponse } from './kept-response.ts'

/** Stands for a response that is being made. */
interface Reservation {
  readonly reservedBy: string
}

interface KeepOptions {
  readonly ttl: number
  readonly tag: Tag | undefined
}

/** The time in milliseconds for which a request waits to reserve its place before it does without. */
const MAX_WAIT_MS = 250

/** The time in milliseconds for which a reservation stays that came to nothing. */
const MAX_STAY_MS = 60_000

/**
 * The place where the response to one request is kept. A response that has a tag reserves its place first: when the tag
 * is evicted meanwhile, the reservation goes with it, and the response, which may be out of date by then, is not kept.
 * Failures are logged.
 */
export class ResponsePlace {
  readonly #store: AsyncStore
  readonly #key: Key
  readonly #terms: KeepOptions
  readonly #logger: Logger
  #reservation: Reservation | undefined

  constructor(store: AsyncStore, key: Key, terms: KeepOptions, logger: Logger) {
    this.#store = store
    this.#key = key
    this.#terms = terms
    this.#logger = logger
  }

  async read(): Promise<KeptResponse | undefined> {
    try {
      const found = (await this.#store.get(this.#key)) as KeptResponse | Reservation | undefined
      return found !== undefined && 'body' in found ? found : undefined
    } catch (error) {
      this.#logger.warn(`A kept response could not be read: ${error}`)
      return undefined
    }
  }

  /** Returns whether a response may be put there. Requests that make it at the same time share one reservation. */
  async reserve(): Promise<boolean> {
    const { tag } = this.#terms
    if (tag === undefined) return true
    const fresh = { set: { reservedBy: randomUUID() }, tag, ttl: MAX_STAY_MS }
    const signal = AbortSignal.timeout(MAX_WAIT_MS)
    try {
      const entry = await this.#store.update(
        this.#key,
        (entry) => (entry === undefined ? fresh : { keep: true }),
        { signal },
      )
      this.#reservation = reservationIn(entry)
    } catch (error) {
      this.#logger.warn(`The place of a response could not be reserved: ${error}`)
    }
    return this.#reservation !== undefined
  }

  /** Puts the response there, while nobody waits for it. */
  keep(response: KeptResponse): void {
    this.#put(response).catch((error) => this.#logger.warn(`A response could not be kept: ${error}`))
  }

  async #put(response: KeptResponse): Promise<void> {
    if (this.#reservation === undefined) return void (await this.#store.set(this.#key, response, this.#terms))
    const { reservedBy } = this.#reservation
    await this.#store.update(this.#key, (entry) =>
      reservationIn(entry)?.reservedBy === reservedBy ? { set: response, ...this.#terms } : { keep: true },
    )
  }
}

function reservationIn(entry: Entry<unknown> | undefined): Reservation | undefined {
  const value = entry?.value as Partial<Reservation> | undefined
  return value?.reservedBy === undefined ? undefined : (value as Reservation)
}
