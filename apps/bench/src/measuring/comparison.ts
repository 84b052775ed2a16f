import type { CallOptions } from './contender.ts'
import type { Goal } from './goal.ts'
import type { Stage } from './stage.ts'

/** An operation on a store that it sets up by itself. */
export interface Side {
  readonly name: string
  start(stage: Stage): CallOptions
}

/** An operation, and what it is measured by. */
export interface Comparison {
  readonly subject: Side
  readonly yardstick: Side
  readonly goal?: Goal
  /** Calls in a round, 2,000; for writes so many that checkpoints fall into it, since they belong to the price. */
  readonly calls?: number
  /** What one call counts for, 1: the hundred keys of a `getMany`. */
  readonly operationsPerCall?: number
  /** Why it cannot be measured here. */
  readonly missing?: string | undefined
}

export function side(name: string, start: Side['start']): Side {
  return { name, start }
}
