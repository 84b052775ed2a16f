import type { Goal, Verdict } from '../goal.ts'
import type { GoalResult } from './goal-result.ts'
import type { Table } from './section.ts'

export const MARKS: Record<Verdict, string> = { missed: '✘', met: '✔', reached: '✔✔' }

/** Everything that the project asks of its figures, and whether it holds. */
export function goalsTable(goals: readonly GoalResult[]): Table {
  return {
    title: 'Goals',
    columns: [
      { head: 'work', align: 'left' },
      { head: 'goal', align: 'left' },
      { head: 'measured' },
      { head: '', align: 'left' },
      { head: 'part', align: 'left' },
      { head: 'remark', align: 'left' },
    ],
    rows: goals.map(({ work, goal, measured, verdict, unit, part, note }) => [
      work,
      goalText(goal, unit),
      figureText(measured, unit),
      MARKS[verdict],
      `\`${part}\``,
      note ?? '',
    ]),
  }
}

/** The bound that must hold, and the one where we are going. */
export function goalText({ kind, limit, aim }: Goal, unit?: string): string {
  const bounds = limit === aim ? `${limit}` : `${limit} · ${aim}`
  return `${kind === 'cost' ? '≤' : '≥'} ${bounds}${unit === undefined ? '' : ` ${unit}`}`
}

/** At least three digits. */
export function figureText(figure: number, unit?: string): string {
  const digits = figure >= 100 ? 0 : figure >= 10 ? 1 : figure >= 0.1 ? 2 : 3
  const text = figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${text}${unit === undefined ? '' : ` ${unit}`}`
}
