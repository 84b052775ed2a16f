/** What became of one operation on a key: what failed was done before it failed, or is never done. */
export type Outcome =
  | { readonly kind: 'wrote'; readonly value: number | undefined }
  /** `at`: when it was reported, in epoch milliseconds. */
  | { readonly kind: 'failed to write'; readonly value: number | undefined; readonly at: number }
  /** `writtenAt`: when the server wrote it, in epoch milliseconds, if that is known. */
  | { readonly kind: 'read'; readonly value: number | undefined; readonly writtenAt?: number | undefined }
  | { readonly kind: 'added'; readonly sum: number }
  | { readonly kind: 'failed to add' | 'failed to read' }

/**
 * `late`: a write took effect after it was reported as failed, by the server's clock, or more was added than was asked
 * for; `lost`: something is back that was there before, or that was written in time and then replaced, or nothing is there.
 */
export type Verdict = 'expected' | 'late' | 'lost'

/**
 * What a key may hold, by what was reported of the operations on it, in the order in which one process issued them: a
 * store keeps that order. Each write leaves a higher number, and each addition adds one. A replica that lags behind
 * brings back what was written in time, though nobody may have seen it: only the time of the write tells that from one
 * that is late. A sum has no time, and is late only where it is more than was ever possible.
 */
export class KeyHistory {
  /** What it may hold now; `undefined`: nothing. */
  #possible = new Set<number | undefined>([undefined])
  /** The highest that it may ever have held. */
  #highest = 0
  /** When the failure of each write was reported. */
  readonly #failedAt = new Map<number | undefined, number>()

  note(outcome: Outcome): Verdict {
    switch (outcome.kind) {
      case 'read':
        return this.#found(outcome.value, outcome.writtenAt)
      case 'wrote':
        this.#holds(outcome.value)
        return 'expected'
      case 'failed to write':
        this.#failedAt.set(outcome.value, outcome.at)
        this.#mayHold([outcome.value])
        return 'expected'
      case 'failed to add':
        this.#mayHold([...this.#possible].map((value) => (value ?? 0) + 1))
        return 'expected'
      case 'added':
        return this.#added(outcome.sum)
      default:
        return 'expected'
    }
  }

  /** A sum tells what was there before. */
  #added(sum: number): Verdict {
    const verdict = this.#found(sum === 1 ? undefined : sum - 1)
    this.#holds(sum)
    return verdict
  }

  #found(value: number | undefined, writtenAt?: number): Verdict {
    const isPossible = this.#possible.has(value)
    const isLate = this.#isLate(value, writtenAt)
    this.#holds(value)
    if (isLate) return 'late'
    return isPossible ? 'expected' : 'lost'
  }

  #isLate(value: number | undefined, writtenAt: number | undefined): boolean {
    const failedAt = this.#failedAt.get(value)
    if (writtenAt !== undefined && failedAt !== undefined) return writtenAt > failedAt
    return (value ?? 0) > this.#highest
  }

  #holds(value: number | undefined): void {
    this.#possible.clear()
    this.#mayHold([value])
  }

  #mayHold(values: readonly (number | undefined)[]): void {
    for (const value of values) {
      this.#possible.add(value)
      this.#highest = Math.max(this.#highest, value ?? 0)
    }
  }
}
