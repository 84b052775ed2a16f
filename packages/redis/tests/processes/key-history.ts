/** What a key may hold, by what was reported of the writes to it; each writes another number. */
export class KeyHistory {
  /** What it may hold now. */
  #possible = new Set<number | undefined>([undefined])
  /** What it had once, for certain. */
  readonly #seen = new Set<number | undefined>([undefined])
  readonly #failed = new Set<number>()

  succeeded(value: number): void {
    this.#possible = new Set([value])
    this.#seen.add(value)
  }

  /** It was done before it failed, or it is never done. */
  failed(value: number): void {
    this.#possible.add(value)
    this.#failed.add(value)
  }

  /**
   * What a read tells: `late`, when a write took effect after it was reported as failed and after a read that did not see
   * it; `lost`, when something is back that was there before, or nothing is there.
   */
  read(value: number | undefined): 'expected' | 'late' | 'lost' {
    const isExpected = this.#possible.has(value)
    const isLate = !isExpected && value !== undefined && this.#failed.has(value) && !this.#seen.has(value)
    this.#possible = new Set([value])
    this.#seen.add(value)
    if (isExpected) return 'expected'
    return isLate ? 'late' : 'lost'
  }
}
