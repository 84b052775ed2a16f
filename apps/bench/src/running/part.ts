import type { Section } from '../report/section.ts'

/** A part of the benchmark, which can be run by itself. */
export interface Part {
  /** As `--only` names it. */
  readonly name: string
  /** About how long it takes in full. */
  readonly minutes: number
  run(context: PartContext): Promise<Section>
}

export interface PartContext {
  /** Only show that everything runs, within seconds: the figures are worth little. */
  readonly quick: boolean
  /** Tells how far the part is, `done` out of `total` steps, and what it does now. */
  progress(done: number, total: number, doing: string): void
  /** Something cannot be measured here; the report names it. */
  skip(name: string, reason: string): void
}
