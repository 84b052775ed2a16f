import { expect, it } from 'vitest'
import { barChart } from './bar-chart.ts'
import { BACKGROUND, chartSvg, OTHER, OWN, pointsOf } from './chart-svg.ts'

const CHART = barChart('get.svg', 'get of a small value', 'µs for a key', [
  { name: 'diskcache Cache', value: 3.1, own: true },
  { name: 'python-diskcache', value: 1_234, own: false },
])

it('chartSvg() draws a bar with its name and figure, ours in a colour of its own, on white', async () => {
  const svg = await chartSvg(CHART)
  expect(svg).toMatch(/^<svg role="img" xmlns="[^"]+"[^>]*><title>get of a small value<\/title>.*<\/svg>\n$/s)
  for (const text of ['get of a small value', 'µs for a key', 'diskcache Cache', '3.10', '1,234'])
    expect(svg).toContain(`>${text}</text>`)
  for (const colour of [OWN, OTHER]) expect(svg.split(`fill="${colour}"`)).toHaveLength(2)
  expect(svg).toContain(`fill="${BACKGROUND}"`)
  expect(svg).not.toMatch(/NaN|Infinity/)
})

it('pointsOf() gives the figures', () => {
  expect(pointsOf(CHART)).toEqual([3.1, 1_234])
})
