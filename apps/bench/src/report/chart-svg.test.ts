import { describe, expect, it } from 'vitest'
import { BACKGROUND, OTHER, OWN } from './chart-colours.ts'
import { chartSvg } from './chart-svg.ts'
import type { Chart } from './section.ts'

const bars: Chart = {
  name: 'get',
  title: 'get of a small value',
  axis: 'µs for a key',
  scale: 'logarithmic',
  kind: 'bars',
  points: [
    { group: 'diskcache Cache', series: 'get', value: 3.1 },
    { group: 'python-diskcache', series: 'get', value: 1_234 },
  ],
}

/** The texts of an SVG, in its order. */
function textsOf(svg: string): string[] {
  return Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text ?? '')
}

function barsOf(svg: string, colour: string): number {
  return svg.split(`fill="${colour}"`).length - 1
}

describe('chartSvg()', () => {
  it('draws a bar with its name and figure for each group, ours in a colour of its own, on white', async () => {
    const svg = await chartSvg(bars)
    expect(svg).toMatch(
      /^<svg role="img" xmlns="[^"]+"[^>]*><title>get of a small value<\/title>.*<\/svg>\n$/s,
    )
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['get of a small value', 'µs for a key', 'diskcache Cache', '3.10', '1,234']),
    )
    expect([barsOf(svg, OWN), barsOf(svg, OTHER)]).toEqual([1, 1])
    expect(svg).toContain(`fill="${BACKGROUND}"`)
  })

  it('draws a panel for each group of several bars, in the order of the points', async () => {
    const points = ['set', 'get'].flatMap((group) => [
      { group, series: 'ours', value: 1 },
      { group, series: 'theirs', value: 2 },
    ])
    const svg = await chartSvg({ ...bars, scale: 'linear', own: ['ours'], points })
    const texts = textsOf(svg)
    expect([barsOf(svg, OWN), barsOf(svg, OTHER)]).toEqual([2, 2])
    expect(texts.indexOf('set')).toBeLessThan(texts.indexOf('get'))
    expect(texts.indexOf('set')).toBeGreaterThan(-1)
  })

  it.each(['linear', 'logarithmic'] as const)(
    'draws lines on a %s scale, named at their ends',
    async (scale) => {
      const points = [1_000, 1_000_000].flatMap((group) => [
        { group, series: 'get', value: 1 },
        { group, series: 'set', value: group / 500 },
      ])
      const svg = await chartSvg({ ...bars, kind: 'lines', scale, points })
      expect(textsOf(svg)).toEqual(expect.arrayContaining(['get', 'set', '1,000', '1,000,000']))
      expect(svg).not.toMatch(/NaN|Infinity/)
    },
  )

  it('draws lines over places that are no numbers', async () => {
    const points = ['100 B', '4 KiB'].map((group, i) => ({ group, series: 'get', value: i + 1 }))
    expect(textsOf(await chartSvg({ ...bars, kind: 'lines', points }))).toEqual(
      expect.arrayContaining(['100 B', '4 KiB', 'get']),
    )
  })
})
