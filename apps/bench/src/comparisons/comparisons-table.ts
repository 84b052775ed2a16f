import { judge } from '../goal.ts'
import type { Measurement } from '../measure.ts'
import { figureText, goalText, MARKS } from '../report/goals-table.ts'
import type { Table } from '../report/section.ts'

/** A line for each comparison. */
export function comparisonsTable(title: string, measurements: readonly Measurement[]): Table {
  return {
    title,
    columns: [
      { head: 'operation', align: 'left' },
      { head: 'µs' },
      { head: 'yardstick', align: 'left' },
      { head: 'µs' },
      { head: 'ratio' },
      { head: 'goal', align: 'left' },
      { head: '', align: 'left' },
      { head: 'WAL frames' },
    ],
    rows: measurements.map(cells),
  }
}

function cells(measurement: Measurement): string[] {
  const { comparison, subject, yardstick, ratio, subjectFrames, yardstickFrames } = measurement
  const { operation, goal } = comparison
  return [
    operation,
    figureText(subject),
    comparison.yardstick,
    figureText(yardstick),
    figureText(ratio),
    goal === undefined ? '–' : goalText(goal),
    goal === undefined ? '' : MARKS[judge(goal, ratio)],
    subjectFrames === 0 ? '–' : `${framesText(subjectFrames)} · ${framesText(yardstickFrames)}`,
  ]
}

/** A peer in another process does not tell. */
function framesText(frames: number): string {
  return frames === 0 ? '?' : frames.toFixed(frames < 1 ? 2 : 1)
}
