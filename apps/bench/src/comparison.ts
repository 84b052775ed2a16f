import type { Contender } from './contender.ts'
import type { Goal } from './goal.ts'
import type { Stage } from './stage.ts'

export interface Pair {
  readonly subject: Contender
  readonly yardstick: Contender
}

/** An operation of the cache, and what it is measured by. */
export interface Comparison {
  readonly operation: string
  readonly yardstick: string
  readonly goal?: Goal
  /** Calls in a round; for writes so many that several checkpoints fall into it, since they belong to the price. */
  readonly calls: number
  /** What one call counts for, 1: the hundred keys of a `getMany`. */
  readonly operationsPerCall?: number
  /** Sets both up in a place of their own. */
  start(stage: Stage): Pair
}
