/** What the project asks of a figure: to be at most, or at least, as large as the bound. */
export interface Goal {
  readonly kind: 'most' | 'least'
  readonly bound: number
}

export function atMost(bound: number): Goal {
  return { kind: 'most', bound }
}

export function atLeast(bound: number): Goal {
  return { kind: 'least', bound }
}

export function isMet({ kind, bound }: Goal, figure: number): boolean {
  return kind === 'most' ? figure <= bound : figure >= bound
}

/** A goal, and what was measured. */
export interface GoalResult {
  /** The work and what it is measured by, as Markdown: `` `get`, against the SELECT ``. */
  readonly work: string
  readonly goal: Goal
  /** The ratio, or the figure in `unit`. */
  readonly measured: number
  /** What the goal's and the measured figure are in, when they are no ratio: `'ms'`. */
  readonly unit?: string
  /** What the limit is where a goal is missed, or what a reader must know. */
  readonly note?: string
}
