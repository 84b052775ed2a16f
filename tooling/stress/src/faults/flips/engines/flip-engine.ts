import type { Random } from '../../../../../../packages/cache/tests/processes/random.ts'
import type { Findings } from '../findings.ts'
import type { TemplateEntry } from '../template-entries.ts'

/** Which part of the templates is written: what comes first, or what comes into the log. */
export type Phase = 0 | 1

/** A store on disk that trials are made with. */
export interface FlipEngine {
  /** The shapes of its directories, each of which has a template: one cache, or several shards. */
  readonly layouts: readonly string[]
  entries(layout: string): readonly TemplateEntry[]
  /** Writes one version of the entries into a directory, which stays open: the caller ends the process. */
  write(layout: string, directory: string, phase: Phase): Promise<void>
  /** Opens it and closes it, so that there is no log any more. */
  tidy(layout: string, directory: string): Promise<void>
  /** Whether a caller can be asked to handle an error. */
  isTyped(error: unknown): boolean
  /** Uses a damaged directory, and tells all that it gives; throws nothing. */
  judge(layout: string, directory: string, random: Random, findings: Findings): Promise<void>
}
