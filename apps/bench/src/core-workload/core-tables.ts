import { durationText } from '../duration-text.ts'
import { median, medianRatio } from '../statistics.ts'
import { type TextColumn, textTable } from '../text-table.ts'
import type { CoreContender } from './core-contender.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import type { OperationSummary, Summary } from './summary.ts'

/** The rounds of every contender, in the order in which they were run. */
export type CoreResults = ReadonlyMap<CoreContender, readonly Summary[]>

type Figure = (summary: Summary) => number

const TIMES = ['p50', 'p90', 'p99', 'max', 'total'] as const satisfies (keyof OperationSummary)[]

const FIGURE_COLUMNS: readonly TextColumn[] = [
  { head: 'store', align: 'left' },
  { head: 'operation', align: 'left' },
  ...TIMES.map((head) => ({ head })),
  { head: 'misses' },
  { head: 'wall time' },
]

/** Those that show what processes cost each other: the middle, and how long the unlucky ones wait. */
const RATIOS: readonly { readonly head: string; readonly figure: Figure }[] = [
  { head: 'wall', figure: ({ wall }) => wall },
  { head: 'get p50', figure: ({ operations }) => operations.get.p50 },
  { head: 'get p99', figure: ({ operations }) => operations.get.p99 },
  { head: 'set p50', figure: ({ operations }) => operations.set.p50 },
  { head: 'set p90', figure: ({ operations }) => operations.set.p90 },
  { head: 'set p99', figure: ({ operations }) => operations.set.p99 },
  { head: 'set max', figure: ({ operations }) => operations.set.max },
  { head: 'delete p99', figure: ({ operations }) => operations.delete.p99 },
  { head: 'delete max', figure: ({ operations }) => operations.delete.max },
]

/** Medians over the rounds. */
export function figuresTable(results: CoreResults): string {
  const rows = Array.from(results, ([{ name }, rounds]) => [
    ...OPERATIONS.map((operation) => operationCells(name, operation, rounds)),
    totalCells(name, rounds),
  ])
  return textTable(FIGURE_COLUMNS, rows.flat())
}

/** Medians over the rounds of each round's ratio to the yardstick. Below 1: less time than the yardstick takes. */
export function ratiosTable(results: CoreResults): string {
  const columns: TextColumn[] = [
    { head: 'store', align: 'left' },
    { head: 'relative to', align: 'left' },
    ...RATIOS.map(({ head }) => ({ head })),
  ]
  return textTable(
    columns,
    Array.from(results, ([contender, rounds]) => ratioCells(contender, rounds, results)).flat(),
  )
}

function operationCells(name: string, operation: Operation, rounds: readonly Summary[]): string[] {
  const middle = (figure: keyof OperationSummary) =>
    median(rounds.map(({ operations }) => operations[operation][figure]))
  return [
    name,
    operation,
    ...TIMES.map((time) => durationText(middle(time))),
    countText(middle('misses')),
    '',
  ]
}

function totalCells(name: string, rounds: readonly Summary[]): string[] {
  const dropped = rounds.map(({ dropped }) => dropped).filter((count) => count !== undefined)
  return [
    name,
    'all',
    ...TIMES.slice(1).map(() => ''),
    durationText(median(rounds.map(({ total }) => total))),
    dropped.length === 0 ? '' : `${countText(median(dropped))} dropped`,
    durationText(median(rounds.map(({ wall }) => wall))),
  ]
}

/** No row for what is measured by nothing. */
function ratioCells(
  { name, yardstick }: CoreContender,
  rounds: readonly Summary[],
  results: CoreResults,
): string[][] {
  if (yardstick === undefined) return []
  const others = results.get(yardstick)!
  const ratio = (figure: Figure) => medianRatio(rounds.map(figure), others.map(figure))
  return [[name, yardstick.name, ...RATIOS.map(({ figure }) => ratio(figure).toFixed(2))]]
}

function countText(count: number): string {
  return Math.round(count).toLocaleString('en')
}
