import type { Section } from './section.ts'

/** Whatever a machine does meanwhile, a ratio outside of this is a mistake. */
const LEAST_RATIO = 1e-4
const MOST_RATIO = 1e4

/** Names of figures that are ratios; `operations` is none. */
const RATIO = /\bratio\b|Ratio\b|\bspeedup\b/

/** Throws for a section that shows nothing, or nonsense. Says nothing about how fast anything is. */
export function checkSection({ tables, charts, goals = [], data }: Section): void {
  if (tables.length === 0) fail('there is no table')
  for (const { title, columns, rows } of tables) {
    if (rows.length === 0) fail(`the table "${title}" is empty`)
    if (rows.some((cells) => cells.length !== columns.length)) fail(`the table "${title}" has a ragged row`)
    const odd = rows.flat().find((cell) => /NaN|Infinity|undefined/.test(cell))
    if (odd !== undefined) fail(`the table "${title}" says ${odd}`)
  }
  for (const { title, points } of charts)
    if (points.some(({ value }) => !(value >= 0 && value < Infinity)))
      fail(`the chart "${title}" has no scale`)
  for (const { work, measured } of goals)
    if (!isPossible(measured)) fail(`${work} was measured as ${measured}`)
  for (const [name, number] of numbersIn(data)) {
    if (!Number.isFinite(number)) fail(`${name} is ${number}`)
    if (RATIO.test(name) && !isPossible(number)) fail(`${name} is ${number}`)
  }
}

function fail(what: string): never {
  throw new Error(`Cannot use the figures: ${what}`)
}

function isPossible(ratio: number): boolean {
  return ratio >= LEAST_RATIO && ratio <= MOST_RATIO
}

/** With the path of each. */
function numbersIn(data: unknown, path = 'data'): [string, number][] {
  if (typeof data === 'number') return [[path, data]]
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([name, value]) => numbersIn(value, `${path}.${name}`))
}
