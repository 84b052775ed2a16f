import { figureText } from '../report/figure-text.ts'
import { type Chart, INK, OTHER, OWN } from './chart-svg.ts'

const WIDTH = 520
const BAR = 20
const LONGEST_NAME = 400

export interface Bar {
  readonly name: string
  readonly value: number
  /** Whether it is this project's, to be highlighted. */
  readonly own: boolean
}

/** A bar as it is drawn, beside the number that says how long it is. */
interface DrawnBar extends Readonly<Record<string, unknown>> {
  readonly name: string
  readonly text: string
  readonly colour: string
}

/** Bars that lie, each with its name and its figure, on a logarithmic scale: peers differ by a factor of hundreds. */
export function barChart(file: string, title: string, axis: string, bars: readonly Bar[]): Chart {
  const values = bars.map(({ name, value, own }) => {
    return { name, value, text: figureText(value), colour: own ? OWN : OTHER }
  })
  const domain = domainOf(bars.map(({ value }) => value))
  const x = {
    field: 'value',
    type: 'quantitative',
    title: axis,
    scale: { type: 'log', domain, nice: false },
    axis: { tickCount: 5, format: '~s' },
  }
  return { file, title, spec: barSpec(values, { x, x2: { datum: domain[0] } }) }
}

/** Draws bars that lie, each with its `name`, its `text` and its `colour`. */
export function barSpec(values: readonly DrawnBar[], { x, x2 }: { x: object; x2?: object }): Chart['spec'] {
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: LONGEST_NAME } }
  const ends = x2 === undefined ? { x } : { x, x2 }
  const layer = [
    {
      mark: { type: 'bar', height: { band: 0.72 } },
      encoding: { ...ends, y, color: { field: 'colour', type: 'nominal', scale: null } },
    },
    {
      mark: { type: 'text', align: 'left', dx: 4, color: INK, fontSize: 11 },
      encoding: { x, y, text: { field: 'text', type: 'nominal' } },
    },
  ]
  return { data: { values }, width: WIDTH, height: { step: BAR }, layer } as Chart['spec']
}

/** Begins at a power of ten below the smallest; there is room for the figure of the longest. */
function domainOf(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const begin = 10 ** Math.floor(Math.log10(least) - 0.1)
  return [begin, begin * (most / begin) ** 1.1]
}
