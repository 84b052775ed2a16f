import { PALETTE } from './chart-colours.ts'
import { ownNames } from './own-names.ts'
import type { Chart, Point } from './section.ts'
import { spreadLabels } from './spread-labels.ts'

const WIDTH = 520
const HEIGHT = 300

/** Lowest distance of two names beside their lines, in pixels. */
const LABEL_HEIGHT = 14

/** Lines with their names at the right end. */
export function linesSpec(chart: Chart): object {
  const { axis, points, scale } = chart
  const isNumeric = points.every(({ group }) => typeof group === 'number')
  const own = ownNames(chart)
  // Ours get the first colours.
  const names = [...new Set(points.map(({ series }) => series))].sort(
    (a, b) => Number(own.has(b)) - Number(own.has(a)),
  )
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: [...PALETTE] },
    legend: null,
  }
  const x = { field: 'group', title: null, ...(isNumeric ? numericAxis(points) : ordinalAxis(points)) }
  const y = {
    field: 'value',
    type: 'quantitative',
    title: axis,
    scale: { type: scale === 'logarithmic' ? 'log' : 'linear', domain: domainOf(chart), nice: false },
    axis: { tickCount: 5, format: '~s' },
  }
  return {
    data: { values: points },
    width: WIDTH,
    height: HEIGHT,
    layer: [
      { mark: { type: 'line', strokeWidth: 2, point: { size: 40 } }, encoding: { x, y, color } },
      {
        data: { values: labels(chart) },
        mark: { type: 'text', align: 'left', fontSize: 11, fontWeight: 600 },
        encoding: {
          x: { value: WIDTH + 8 },
          y: { field: 'pixels', type: 'quantitative', scale: null },
          text: { field: 'series', type: 'nominal' },
          color,
        },
      },
    ],
    resolve: { scale: { y: 'independent' } },
  }
}

function numericAxis(points: readonly Point[]): object {
  const places = [...new Set(points.map(({ group }) => Number(group)))]
  const isWide = Math.min(...places) > 0 && Math.max(...places) / Math.min(...places) > 50
  const scale = isWide ? { type: 'log', nice: false } : { zero: false, nice: false }
  return { type: 'quantitative', scale, axis: { values: places, format: ',d' } }
}

function ordinalAxis(points: readonly Point[]): object {
  const sort = [...new Set(points.map(({ group }) => String(group)))]
  return { type: 'ordinal', sort, scale: { type: 'point', padding: 0.2 }, axis: { labelAngle: 0 } }
}

function domainOf({ points, scale }: Chart): [number, number] {
  const values = points.map(({ value }) => value)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return scale === 'linear' ? [0, most * 1.1 || 1] : [least / 1.3, most * 1.3]
}

/** The name of each line, as near to its last point as the others leave it room. */
function labels(chart: Chart): { series: string; pixels: number }[] {
  const [begin, end] = domainOf(chart)
  const along = (value: number) =>
    chart.scale === 'linear'
      ? (value - begin) / (end - begin)
      : Math.log(value / begin) / Math.log(end / begin)
  const last = new Map(chart.points.map(({ series, value }) => [series, HEIGHT * (1 - along(value))]))
  const spread = spreadLabels([...last.values()], LABEL_HEIGHT)
  return [...last.keys()].map((series, i) => ({ series, pixels: spread[i] ?? 0 }))
}
