import type { Comparison } from '../comparison.ts'
import { type Measurement, measure } from '../measure.ts'
import { type GoalResult, goalResult } from '../report/goal-result.ts'
import type { PartContext } from '../report/part.ts'
import type { Effort } from '../take-turns.ts'

const FULL: Effort = { milliseconds: 2_000, fewestRounds: 10 }
const QUICK: Effort = { milliseconds: 0, fewestRounds: 1, warmUpRounds: 1 }

/** Comparisons that stand in one table, under its title. */
export type Groups = Readonly<Record<string, readonly Comparison[]>>

/** Measures all comparisons, one after the other. */
export async function measureGroups(
  groups: Groups,
  { quick, progress }: PartContext,
): Promise<Map<string, Measurement[]>> {
  const total = Object.values(groups).flat().length
  let done = 0
  const found = new Map<string, Measurement[]>()
  for (const [title, comparisons] of Object.entries(groups)) {
    const measurements: Measurement[] = []
    found.set(title, measurements)
    for (const comparison of comparisons) {
      progress(done++, total, comparison.operation)
      measurements.push(await measure(comparison, quick ? QUICK : FULL))
    }
  }
  return found
}

/** Of those comparisons that have a goal. */
export function goalsOf(measurements: readonly Measurement[], part: string): GoalResult[] {
  return measurements.flatMap(({ comparison: { operation, yardstick, goal }, ratio }) =>
    goal === undefined
      ? []
      : goalResult({ work: `${operation}, against ${yardstick}`, goal, measured: ratio, part }),
  )
}

/** For `results.json`. */
export function dataOf(measurements: readonly Measurement[]): object[] {
  return measurements.map(({ comparison: { operation, yardstick }, subject, yardstick: base, ratio }) => ({
    operation,
    yardstick,
    microseconds: [rounded(subject), rounded(base)],
    ratio: rounded(ratio),
  }))
}

/** Four digits, which is more than any machine repeats. */
export function rounded(figure: number): number {
  return Number(figure.toPrecision(4))
}
