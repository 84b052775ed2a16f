import { type Goal, type GoalResult, isMet } from '../measuring/goal.ts'
import { figureText } from './figure-text.ts'
import { type Table, tableOf } from './table.ts'

/** A goal, and the part that measured it, as `--only` names it. */
export type PartGoal = GoalResult & { readonly part: string }

/** Shows everything that the project asks of its figures, and whether it holds. */
export function goalsTable(goals: readonly PartGoal[]): Table {
  return tableOf(
    'Goals',
    goals,
    {
      work: ({ work }) => work,
      goal: ({ goal, unit }) => goalText(goal, unit),
      measured: ({ measured, unit }) => figureText(measured, unit),
      '✔': ({ goal, measured }) => markOf(goal, measured),
      part: ({ part }) => `\`${part}\``,
      remark: ({ note }) => note ?? '',
    },
    { block: 'goals' },
  )
}

export function markOf(goal: Goal, measured: number): string {
  return isMet(goal, measured) ? '✔' : '✘'
}

export function goalText({ kind, bound }: Goal, unit?: string): string {
  return `${kind === 'most' ? '≤' : '≥'} ${bound}${unit === undefined ? '' : ` ${unit}`}`
}
