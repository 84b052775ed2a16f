/** The part of a lease that its holder does without, so as to know of the end before anybody else can hold. */
const MARGIN = 0.1

/** The longest margin, in milliseconds. */
const MAX_MARGIN_MS = 500

/**
 * A moment by this process's clocks. It is counted by both of them, because the monotonic one may stand still while the
 * machine sleeps, and the wall clock may be set back.
 */
export class LeaseEnd {
  readonly #monotonic: number
  readonly #wall: number

  /** The moment in so many milliseconds. */
  constructor(time: number) {
    this.#monotonic = performance.now() + time
    this.#wall = Date.now() + time
  }

  /**
   * Returns when the holder of a lease of so many milliseconds has to stop. It counts from before the engine is asked,
   * and ends early, so that it is over before the lease is by the engine's clock, also where a timer is late. `lag` is by
   * how many milliseconds the lease may have begun before that, by the engine's clock.
   */
  static of(lease: number, lag = 0): LeaseEnd {
    return new LeaseEnd(lease - Math.max(lag, Math.min(lease * MARGIN, MAX_MARGIN_MS)))
  }

  get isPast(): boolean {
    return this.left <= 0
  }

  /** The milliseconds that are left, below 0 when the moment is past. */
  get left(): number {
    return Math.min(this.#monotonic - performance.now(), this.#wall - Date.now())
  }
}
