import { expect } from 'vitest'
import type { PartContext } from '../report/part.ts'
import type { Section } from '../report/section.ts'

/** A quick run, whose skipped peers are in `skipped`. */
export function quickContext(skipped: Map<string, string>): PartContext {
  return { quick: true, progress() {}, skip: (name, reason) => skipped.set(name, reason) }
}

const LEAST_RATIO = 1e-4
const MOST_RATIO = 1e4

/** Every figure is one, every ratio could be true, and every line has as many cells as its table has columns. */
export function expectSane({ data, tables, charts, goals = [] }: Section): void {
  for (const [name, value] of numbersIn(data)) {
    expect(value, name).toSatisfy(Number.isFinite)
    if (/ratio|speedup/.test(name)) {
      expect(value, name).toBeGreaterThan(LEAST_RATIO)
      expect(value, name).toBeLessThan(MOST_RATIO)
    }
  }
  for (const { value } of charts.flatMap(({ points }) => points)) expect(value).toBeGreaterThan(0)
  for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length)
  for (const { measured } of goals) expect(measured).toSatisfy(Number.isFinite)
}

/** With the path of each. */
function numbersIn(data: unknown, path = 'data'): [string, number][] {
  if (typeof data === 'number') return [[path, data]]
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([name, value]) => numbersIn(value, `${path}.${name}`))
}
