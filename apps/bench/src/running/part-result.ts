import type { Section } from '../report/section.ts'

/** What came of running one part, as the file of results keeps it. */
export interface PartResult {
  /** The part's, as `--only` names it. */
  readonly name: string
  /** When, of which commit and on what it was measured. */
  readonly circumstances: string
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
  /** Missing when the part failed. */
  readonly section?: Section
  /** What it failed with. */
  readonly error?: string
}
