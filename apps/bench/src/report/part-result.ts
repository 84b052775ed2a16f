import type { Section } from './section.ts'

/** What came of running one part, as `results.json` keeps it. */
export interface PartResult {
  /** The part's, as `--only` names it. */
  readonly name: string
  /** When it began, as ISO 8601. */
  readonly begun: string
  readonly minutes: number
  /** Processes that wanted a core when it began, on average over a minute. */
  readonly load: number
  readonly environment: string
  /** Its figures are worth little. */
  readonly quick: boolean
  readonly skipped: readonly Skipped[]
  /** Missing when the part failed. */
  readonly section?: Section
  /** What it failed with. */
  readonly error?: string
}

export interface Skipped {
  readonly name: string
  readonly reason: string
}
