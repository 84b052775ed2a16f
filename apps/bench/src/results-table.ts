import { type Goal, judge, type Verdict } from './goal.ts'
import type { Measurement } from './measure.ts'
import { type TextColumn, textTable } from './text-table.ts'

const MARKS: Record<Verdict, string> = { missed: '✘', met: '✔', reached: '✔✔' }

const COLUMNS: readonly TextColumn[] = [
  { head: 'operation', align: 'left' },
  { head: 'µs' },
  { head: 'yardstick', align: 'left' },
  { head: 'µs' },
  { head: 'ratio' },
  { head: 'goal', align: 'left' },
  { head: '', align: 'left' },
  { head: 'WAL frames' },
]

/** As text for a terminal. */
export function resultsTable(measurements: readonly Measurement[]): string {
  return textTable(COLUMNS, measurements.map(cells))
}

function cells({
  comparison,
  subject,
  yardstick,
  ratio,
  subjectFrames,
  yardstickFrames,
}: Measurement): string[] {
  const { operation, goal } = comparison
  return [
    operation,
    microsecondsText(subject),
    comparison.yardstick,
    microsecondsText(yardstick),
    ratio.toFixed(2),
    goal === undefined ? '–' : goalText(goal),
    goal === undefined ? '' : MARKS[judge(goal, ratio)],
    subjectFrames === 0 ? '–' : `${framesText(subjectFrames)} · ${framesText(yardstickFrames)}`,
  ]
}

function goalText({ kind, limit, aim }: Goal): string {
  const bounds = limit === aim ? `${limit}` : `${limit} · ${aim}`
  return kind === 'cost' ? `≤ ${bounds}` : `≥ ${bounds} times faster`
}

function microsecondsText(microseconds: number): string {
  return microseconds.toFixed(microseconds < 10 ? 2 : microseconds < 100 ? 1 : 0)
}

/** A peer in another process does not tell. */
function framesText(frames: number): string {
  return frames === 0 ? '?' : frames.toFixed(frames < 1 ? 2 : 1)
}
