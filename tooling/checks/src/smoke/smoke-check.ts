import type { Workbench } from './workbench.ts'

/** One check of the packed packages. */
export interface SmokeCheck {
  readonly title: string
  /** Whether the short run leaves it out. */
  readonly isLong?: boolean | undefined
  /** Fails by rejecting; rejects with `Skipped` when it cannot be made on this machine. */
  readonly run: (bench: Workbench) => Promise<void>
}
