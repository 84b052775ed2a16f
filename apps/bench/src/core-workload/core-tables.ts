import { durationText } from '../duration-text.ts'
import type { Column, Table } from '../report/section.ts'
import { median, medianRatio } from '../statistics.ts'
import type { CoreContender } from './core-contender.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import type { OperationSummary, Summary } from './summary.ts'

/** The rounds of every contender, in the order in which they were run. */
export type CoreResults = ReadonlyMap<CoreContender, readonly Summary[]>

type Figure = (summary: Summary) => number

const TIMES = ['p50', 'p90', 'p99', 'max', 'total'] as const satisfies (keyof OperationSummary)[]

const FIGURE_COLUMNS: readonly Column[] = [
  { head: 'store', align: 'left' },
  { head: 'operation', align: 'left' },
  ...TIMES.map((head) => ({ head })),
  { head: 'misses' },
  { head: 'wall time' },
]

const FIGURE_NOTES =
  'Medians of the rounds. _Total_ is over all processes, so that it may be more than the _wall time_. _Misses_ are keys that were absent, which one in ten is, and for `set` what was dropped; _dropped_ is what a `FanoutCache` says it gave up because a shard stayed locked for longer than its timeout, which Python’s does not say.'

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
export function figuresTable(title: string, results: CoreResults): Table {
  const rows = Array.from(results, ([{ name }, rounds]) => [
    ...OPERATIONS.map((operation) => operationCells(name, operation, rounds)),
    totalCells(name, rounds),
  ])
  return { title, columns: FIGURE_COLUMNS, rows: rows.flat(), notes: FIGURE_NOTES }
}

/** Medians over the rounds of each round's ratio to the yardstick. Below 1: less time than the yardstick takes. */
export function ratiosTable(title: string, results: CoreResults): Table {
  const columns: Column[] = [
    { head: 'store', align: 'left' },
    { head: 'relative to', align: 'left' },
    ...RATIOS.map(({ head }) => ({ head })),
  ]
  const rows = Array.from(results, ([contender, rounds]) => ratioCells(contender, rounds, results))
  return { title, columns, rows: rows.flat(), notes: 'Medians of the rounds’ ratios. Below 1 is less time.' }
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
  const others = results.get(yardstick) ?? []
  const ratio = (figure: Figure) => medianRatio(rounds.map(figure), others.map(figure))
  return [[name, yardstick.name, ...RATIOS.map(({ figure }) => ratio(figure).toFixed(2))]]
}

function countText(count: number): string {
  return Math.round(count).toLocaleString('en')
}
