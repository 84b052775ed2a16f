import { pointsOf } from '../charts/chart-svg.ts'
import type { Section } from './section.ts'

/** Whatever a machine does meanwhile, a ratio outside of this is a mistake. */
const LEAST_RATIO = 1e-4
const MOST_RATIO = 1e4

/** Throws for a section that shows nothing, or nonsense. Says nothing about how fast anything is. */
export function checkSection({ tables, charts = [], goals = [] }: Section): void {
  if (tables.length === 0) fail('there is no table')
  for (const { title, head, rows } of tables) {
    if (rows.length === 0) fail(`the table "${title}" is empty`)
    if (rows.some((cells) => cells.length !== head.length)) fail(`the table "${title}" has a ragged row`)
    const odd = rows.flat().find((cell) => /NaN|Infinity|∞|undefined/.test(cell))
    if (odd !== undefined) fail(`the table "${title}" says ${odd}`)
  }
  for (const chart of charts)
    if (pointsOf(chart).some((number) => !(number >= 0 && number < Infinity)))
      fail(`the chart "${chart.title}" has no scale`)
  for (const { work, measured, unit } of goals) {
    const most = unit === undefined ? MOST_RATIO : Number.MAX_VALUE
    if (!(measured >= LEAST_RATIO && measured <= most)) fail(`${work} was measured as ${measured}`)
  }
}

function fail(what: string): never {
  throw new Error(`Cannot use the figures: ${what}`)
}
