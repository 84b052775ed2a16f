/**
 * The latest end of a lease by this process's clocks. It counts from before the engine was asked, so that it is not
 * later than the engine's own idea of the end, and by both clocks, because the monotonic one may stand still while
 * the machine sleeps, and the wall clock may be set back.
 */
export class LeaseEnd {
  readonly #monotonic: number
  readonly #wall: number

  /** Begins a lease of so many milliseconds. */
  constructor(lease: number) {
    this.#monotonic = performance.now() + lease
    this.#wall = Date.now() + lease
  }

  get isPast(): boolean {
    return this.left <= 0
  }

  /** The milliseconds that are left, below 0 when the lease is over. */
  get left(): number {
    return Math.min(this.#monotonic - performance.now(), this.#wall - Date.now())
  }
}
