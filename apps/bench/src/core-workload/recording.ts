import type { Operation } from './operations.ts'

/** What one process saw. A worker answers with it as JSON. */
export interface Recording {
  /** How long each operation took, in nanoseconds. */
  readonly times: Record<Operation, number[]>
  /** A `get` that gave nothing, a `set` or `delete` that gave `false`. */
  readonly misses: Record<Operation, number>
  /** Operations that the store gave up because it was locked; `null` where it does not tell. */
  readonly dropped: number | null
}
