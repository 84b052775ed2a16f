import type { GoalResult } from './goal-result.ts'

/** What one part of the benchmark found, ready to be shown. All texts are Markdown. */
export interface Section {
  readonly title: string
  /** What was measured, how, and against what. */
  readonly introduction: string
  readonly tables: readonly Table[]
  readonly charts: readonly Chart[]
  /** What the project asks of this part, for the summary at the top of the report. */
  readonly goals?: readonly GoalResult[]
  /** What the tables and charts are made from, for `results.json`. */
  readonly data: unknown
}

export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  /** What a reader must know to read it right. */
  readonly notes?: string
}

export interface Column {
  readonly head: string
  /** Right, for figures, unless said otherwise. */
  readonly align?: 'left' | 'right'
}

/** Bars in groups, or lines. */
export interface Chart {
  /** Its file's name, without `.svg`. */
  readonly name: string
  readonly title: string
  /** What stands at the axis of values, with the unit. */
  readonly axis: string
  /** `'logarithmic'` where values differ by more than a factor of some tens. */
  readonly scale: 'linear' | 'logarithmic'
  readonly kind: 'bars' | 'lines'
  /** Groups or series that are this project's, to be highlighted; left out: those with `diskcache` as a word. */
  readonly own?: readonly string[]
  readonly points: readonly Point[]
}

export interface Point {
  /** The group of bars, or the place on the horizontal axis. */
  readonly group: string | number
  /** The bar in the group, or the line. */
  readonly series: string
  readonly value: number
}
