import type { Chart } from '../charts/chart-svg.ts'
import type { GoalResult } from '../measuring/goal.ts'
import type { Table } from './table.ts'

/** What one part of the benchmark found, ready to be shown. All texts are Markdown. */
export interface Section {
  readonly title: string
  /** What was measured, how, and against what. */
  readonly introduction: string
  readonly tables: readonly Table[]
  /** The pictures of the documentation. */
  readonly charts?: readonly Chart[]
  /** What the project asks of this part. */
  readonly goals?: readonly GoalResult[]
}
