import { describe, expect, it } from 'vitest'
import { ALL_PARTS } from './all-parts.ts'
import { PEER_PARTS } from './peer-study/peer-parts.ts'
import type { Section } from './report/section.ts'

const names = ALL_PARTS.map(({ name }) => name)

/** Whatever a machine does meanwhile, a ratio outside of this is a mistake. */
const SANE = { least: 1e-4, most: 1e4 }

/** Every number anywhere in it. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

function expectSane({ tables, charts, goals = [], data }: Section): void {
  for (const { columns, rows } of tables) {
    expect(rows.length).toBeGreaterThan(0)
    for (const cells of rows) expect(cells).toHaveLength(columns.length)
    expect(rows.flat().filter((cell) => /NaN|Infinity|undefined/.test(cell))).toEqual([])
  }
  const figures = numbersIn(data)
  expect(figures.length).toBeGreaterThan(0)
  expect(figures.every(Number.isFinite)).toBe(true)
  const points = charts.flatMap((chart) => chart.points.map(({ value }) => value))
  const ratios = goals.map(({ measured }) => measured)
  expect(points.every((value) => Number.isFinite(value) && value >= 0)).toBe(true)
  expect(ratios.filter((ratio) => !(ratio >= SANE.least && ratio <= SANE.most))).toEqual([])
}

describe('parts', () => {
  it('have names of their own, and take less than half an hour together', () => {
    expect(new Set(names).size).toBe(names.length)
    expect(ALL_PARTS.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThan(30)
  })

  it.each(ALL_PARTS.filter((part) => !PEER_PARTS.includes(part)))(
    '$name runs quickly, with figures that are no nonsense',
    async (part) => {
      const progress: number[] = []
      const section = await part.run({
        quick: true,
        progress: (done, total) => progress.push(done / total),
        skip: () => {},
      })
      expectSane(section)
      expect(section.goals?.every((goal) => goal.part === part.name) ?? true).toBe(true)
      expect(progress).toEqual(progress.toSorted((a, b) => a - b))
      expect(progress.every((share) => share >= 0 && share <= 1)).toBe(true)
    },
  )
})
