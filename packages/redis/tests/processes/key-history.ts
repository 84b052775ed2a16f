/** What became of one operation on a key: what failed was done before it failed, or is never done. */
export type Outcome =
  | { readonly kind: 'wrote' | 'failed to write' | 'read'; readonly value: number | undefined }
  | { readonly kind: 'added'; readonly sum: number }
  | { readonly kind: 'failed to add' | 'failed to read' }

/**
 * `late`: a write took effect after it was reported as failed, and after a read that did not see it; `lost`: something is
 * back that was there before, or nothing is there.
 */
export type Verdict = 'expected' | 'late' | 'lost'

/**
 * What a key may hold, by what was reported of the operations on it, in the order in which one process issued them: a
 * store keeps that order. Each write leaves a higher number, and each addition adds one.
 */
export class KeyHistory {
  /** What it may hold now; `undefined`: nothing. */
  #possible = new Set<number | undefined>([undefined])
  /** What it had once, for certain. */
  readonly #seen = new Set<number | undefined>([undefined])
  /** What operations that failed would have left. */
  readonly #failed = new Set<number | undefined>()

  note(outcome: Outcome): Verdict {
    if (outcome.kind === 'read') return this.#found(outcome.value)
    if (outcome.kind === 'wrote') this.#holds(outcome.value)
    if (outcome.kind === 'failed to write') this.#mayHold([outcome.value])
    if (outcome.kind === 'failed to add') this.#mayHold([...this.#possible].map((value) => (value ?? 0) + 1))
    return outcome.kind === 'added' ? this.#added(outcome.sum) : 'expected'
  }

  /** A sum tells what was there before. */
  #added(sum: number): Verdict {
    const verdict = this.#found(sum === 1 ? undefined : sum - 1)
    this.#holds(sum)
    return verdict
  }

  #found(value: number | undefined): Verdict {
    const possible = this.#possible
    const isNew = value !== undefined && !this.#seen.has(value)
    this.#holds(value)
    if (possible.has(value)) return 'expected'
    return isNew && (this.#failed.has(value) || value > highest(possible)) ? 'late' : 'lost'
  }

  #holds(value: number | undefined): void {
    this.#possible = new Set([value])
    this.#seen.add(value)
  }

  #mayHold(values: readonly (number | undefined)[]): void {
    for (const value of values) {
      this.#possible.add(value)
      this.#failed.add(value)
    }
  }
}

function highest(values: Iterable<number | undefined>): number {
  return Math.max(...[...values].map((value) => value ?? 0))
}
