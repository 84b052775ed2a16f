/** How long a reading is believed, in milliseconds: two clocks may part by a thousandth of that, and are allowed for. */
const LIFETIME = 60_000
const DRIFT = 0.001

/** How long a reading is good enough to tell the time by, in milliseconds. */
const FRESH = 1_000

/**
 * What a server's clock shows, as far as its replies tell. Commands that write carry the server's time until which they
 * may be carried out: one that its caller has given up, because the server stood still or the connection broke, must not
 * take effect when it goes on. A reading that is missing, old or wrong costs one more round trip, because what is refused
 * as too late says the time.
 */
export class ServerClock {
  /** Of the server's time over this process's monotonic one. Without a reading, every command is too late. */
  #lead = 0
  #notedAt = -Infinity

  /** Notes the time that just came in, in epoch milliseconds; since it is older by now, what counts by it ends early. */
  note(time: number): void {
    this.#notedAt = performance.now()
    this.#lead = time - this.#notedAt
  }

  /** The next connection may be to another server. */
  forget(): void {
    this.#notedAt = -Infinity
  }

  /** What it shows by now, or a little less, in epoch milliseconds; `undefined` when that is not known well enough. */
  get now(): number | undefined {
    const now = performance.now()
    const age = now - this.#notedAt
    return age > FRESH ? undefined : Math.floor(this.#lead + now - age * DRIFT)
  }

  /** The server's time at a time of this process's monotonic clock, and rather too early, as an argument. */
  at(time: number): string {
    const now = performance.now()
    const age = now - this.#notedAt
    if (age > LIFETIME) return '0'
    const margin = Math.min((time - now) / 10, 1 + age * DRIFT)
    return String(Math.max(0, Math.floor(this.#lead + time - margin)))
  }
}
