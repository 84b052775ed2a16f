import { INK, OTHER, OWN } from './chart-colours.ts'
import { figureText } from './goals-table.ts'
import { ownNames } from './own-names.ts'
import type { Chart } from './section.ts'

const WIDTH = 520
const BAR = 20
const LONGEST_NAME = 400

/** Bars that lie, each with its name and its figure: a panel for each group, or one where groups have one bar each. */
export function barsSpec(chart: Chart): object {
  const own = ownNames(chart)
  const isFlat = new Set(chart.points.map(({ series }) => series)).size === 1
  const values = chart.points.map(({ group, series, value }) => ({
    group: String(group),
    name: isFlat ? String(group) : series,
    value,
    text: figureText(value),
    colour: own.has(isFlat ? String(group) : series) ? OWN : OTHER,
  }))
  const panel = { width: WIDTH, height: { step: BAR }, layer: layers(chart) }
  return { data: { values }, ...(isFlat ? panel : panels(chart, panel)) }
}

const HEADER = {
  labelAnchor: 'start',
  labelFontSize: 12,
  labelFontWeight: 600,
  labelColor: INK,
  labelPadding: 4,
}

/** One below the other; each has only the bars that it needs. */
function panels({ points }: Chart, spec: object): object {
  const sort = [...new Set(points.map(({ group }) => String(group)))]
  const facet = { field: 'group', type: 'nominal', sort, title: null, header: HEADER }
  return { facet, columns: 1, spec, spacing: 14, resolve: { scale: { y: 'independent' } } }
}

function layers({ axis, scale, points }: Chart): object[] {
  const domain = domainOf(
    points.map(({ value }) => value),
    scale,
  )
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: LONGEST_NAME } }
  const x = {
    field: 'value',
    type: 'quantitative',
    title: axis,
    scale: { type: scale === 'logarithmic' ? 'log' : 'linear', domain, nice: false },
    axis: { tickCount: 5, format: '~s' },
  }
  return [
    {
      mark: { type: 'bar', height: { band: 0.72 } },
      encoding: { x, x2: { datum: domain[0] }, y, color: { field: 'colour', type: 'nominal', scale: null } },
    },
    {
      mark: { type: 'text', align: 'left', dx: 4, color: INK, fontSize: 11 },
      encoding: { x, y, text: { field: 'text', type: 'nominal' } },
    },
  ]
}

/** Bars of a logarithmic scale begin at a power of ten below the smallest; there is room for the figure of the longest. */
function domainOf(values: readonly number[], scale: Chart['scale']): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (scale === 'linear') return [0, most * 1.1 || 1]
  const begin = 10 ** Math.floor(Math.log10(least) - 0.1)
  return [begin, begin * (most / begin) ** 1.1]
}
