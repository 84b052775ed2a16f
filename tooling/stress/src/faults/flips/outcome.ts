/** What one trial showed. */
export interface Outcome {
  /** The kind of damage. */
  readonly kind: string
  /** What was damaged, and how; for whoever repeats the trial. */
  readonly text: string
  /** Values, keys and items that were never stored as they were given. */
  readonly wrong: readonly string[]
  /** The same of entries that Python wrote into a directory of ours. */
  readonly wrongForeign: readonly string[]
  /** Tags and expiries that were never stored as they were given. */
  readonly wrongLabels: readonly string[]
  /** Values that had been right before they were overwritten or deleted. */
  readonly stale: readonly string[]
  /** Entries that were not there any more, although nothing had failed. */
  readonly missing: number
  /** The codes of errors that a caller can handle, and how often. */
  readonly typed: Readonly<Record<string, number>>
  readonly untyped: readonly string[]
  /** Writes that were still refused after the patience of the judge. */
  readonly refused: readonly string[]
  /** Writes that were kept at first, and that another process did not find: what is damaged may be met only then. */
  readonly lostAgain: number
  /** How long it took, in milliseconds. */
  readonly took: number
}
