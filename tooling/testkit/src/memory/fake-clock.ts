/** A clock that stands still until it is told to go on. */
export class FakeClock {
  /** Epoch milliseconds. */
  time: number

  /** Begins with the real time, since the files' times of change are real: in the future they would be old. */
  constructor(time = Date.now()) {
    this.time = time
  }

  /** To be given as the option `clock`. */
  readonly now = (): number => this.time

  /** Goes on by so many milliseconds. */
  advance(milliseconds: number): void {
    this.time += milliseconds
  }
}
