import { type Goal, judge, type Verdict } from '../goal.ts'

/** What the project asks of a figure, and what was measured. */
export interface GoalResult {
  /** The work and what it is measured by, as Markdown: `` `get` against the SELECT ``. */
  readonly work: string
  readonly goal: Goal
  /** The ratio, or the figure in `unit`. */
  readonly measured: number
  readonly verdict: Verdict
  /** What the goal's and the measured figure are in, when they are no ratio: `'ms'`. */
  readonly unit?: string
  /** The part that measured it, as `--only` names it. */
  readonly part: string
  /** What the limit is where a goal is missed, or what a reader must know. */
  readonly note?: string
}

/** Judges `measured`; the rest stays as it is. */
export function goalResult(result: Omit<GoalResult, 'verdict'>): GoalResult {
  return { ...result, verdict: judge(result.goal, result.measured) }
}
