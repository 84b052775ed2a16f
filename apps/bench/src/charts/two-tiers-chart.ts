import { type Chart, OWN } from './chart-svg.ts'

const WIDTH = 250
const HEIGHT = 150

/** By the number of writers; the colour-blind tell them apart, by Okabe and Ito (2008). */
const COLOURS = [OWN, '#e69f00', '#d55e00']

const NO_MEMORY = 'no memory'

/** A panel for each kind of values, and for each figure. */
export interface TierPoint {
  readonly kind: string
  readonly writers: number
  /** Milliseconds; `undefined` without memory. */
  readonly staleness: number | undefined
  /** A part of all reads, from 0 to 1. */
  readonly hits: number
  /** Microseconds. */
  readonly time: number
}

const FIGURES = [
  {
    field: 'hits',
    title: 'reads from memory alone, %',
    scale: { domain: [0, 100] },
    filter: `datum.staleness !== '${NO_MEMORY}'`,
  },
  { field: 'time', title: 'µs a read', scale: { type: 'log' }, filter: 'true' },
]

/** Above how many reads memory answered by itself, below how long a read took, by staleness and number of writers. */
export function twoTiersChart(file: string, title: string, points: readonly TierPoint[]): Chart {
  const values = points.map(({ kind, writers, staleness, hits, time }) => ({
    kind,
    writers: `${writers}`,
    staleness: staleness === undefined ? NO_MEMORY : `${staleness}`,
    hits: Math.round(hits * 1e3) / 10,
    time: Math.round(time * 1e3) / 1e3,
  }))
  const kinds = [...new Set(points.map(({ kind }) => kind))]
  const concat = FIGURES.flatMap((figure) => kinds.map((kind) => panel(kind, figure)))
  const spec = { data: { values }, concat, columns: kinds.length }
  return { file, title, spec }
}

function panel(kind: string, { field, title, scale, filter }: (typeof FIGURES)[number]) {
  const x = {
    field: 'staleness',
    type: 'ordinal',
    sort: null,
    title: 'staleness, ms',
    axis: { labelAngle: 0 },
  }
  const legend = { title: 'writers', orient: 'right' }
  return {
    title: { text: kind, fontSize: 12 },
    width: WIDTH,
    height: HEIGHT,
    transform: [{ filter: `datum.kind === '${kind}' && ${filter}` }],
    mark: { type: 'line', point: { size: 40 } },
    encoding: {
      x,
      y: { field, type: 'quantitative', title, scale, axis: { tickCount: 4 } },
      color: { field: 'writers', type: 'nominal', scale: { range: COLOURS }, legend },
    },
  }
}
