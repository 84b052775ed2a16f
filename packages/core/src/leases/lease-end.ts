/**
 * When a lease is over at the latest, by this process's clocks: counted from before the engine was asked, so that it
 * is not later than the engine's own idea of it. By both clocks, because the monotonic one may stand still while the
 * machine sleeps, and the wall clock may be set back.
 */
export class LeaseEnd {
  readonly #monotonic: number
  readonly #wall: number

  /** `lease` in milliseconds from now. */
  constructor(lease: number) {
    this.#monotonic = performance.now() + lease
    this.#wall = Date.now() + lease
  }

  get isPast(): boolean {
    return this.left <= 0
  }

  /** Milliseconds. */
  get left(): number {
    return Math.min(this.#monotonic - performance.now(), this.#wall - Date.now())
  }
}
