/** How long what was made for a store is of use to it, in milliseconds. */
const SOON_MS = 10_000

/** How many are kept: they may be large. */
const MOST = 100

interface Offer {
  /** When it was made, by this process's monotonic clock, in milliseconds. */
  readonly since: number
  readonly store: () => Promise<unknown>
}

/** What was made while a store was away, and is offered to it once when it is back soon; the last for each id. */
export class Offers {
  readonly #offers = new Map<string, Offer>()
  #withdrawals = 0

  /** How often something was withdrawn: what was begun before the last time may be of no use any more. */
  get withdrawals(): number {
    return this.#withdrawals
  }

  add(id: string, store: () => Promise<unknown>): void {
    this.#offers.delete(id)
    this.#offers.set(id, { since: performance.now(), store })
    for (const [oldest] of this.#offers) {
      if (this.#offers.size <= MOST) break
      this.#offers.delete(oldest)
    }
  }

  withdraw(id: string): void {
    this.#withdrawals++
    this.#offers.delete(id)
  }

  /** Makes all offers, one after another, as long as they are taken. What `store` rejects with, it has told itself. */
  async make(isWanted: () => boolean): Promise<void> {
    for (const [id, { since, store }] of this.#offers) {
      if (!isWanted()) return
      this.#offers.delete(id)
      if (performance.now() - since < SOON_MS) await store().catch(() => {})
    }
  }
}
