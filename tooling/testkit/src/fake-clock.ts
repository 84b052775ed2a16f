/** A clock that stands still until it is told to go on. */
export class FakeClock {
  /** Epoch milliseconds. */
  time: number

  constructor(time = Date.UTC(2030, 0, 1)) {
    this.time = time
  }

  /** To be given as the option `clock`. */
  readonly now = (): number => this.time

  advance(milliseconds: number): void {
    this.time += milliseconds
  }
}
