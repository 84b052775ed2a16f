import { type Chart, OTHER, OWN } from './chart-svg.ts'

const WIDTH = 420
const BAR = 11

/** A mean hit ratio, from 0 to 1. */
export interface HitRatioBar {
  readonly group: string
  readonly policy: string
  readonly ratio: number
  /** Whether it is that of the cache, to be highlighted. */
  readonly own: boolean
}

/** Bars for each group of traces, one for each policy, on a linear scale. */
export function hitRatioChart(file: string, title: string, bars: readonly HitRatioBar[]): Chart {
  const values = bars.map(({ group, policy, ratio, own }) => {
    return { group, policy, percent: Math.round(ratio * 1e3) / 10, colour: own ? OWN : OTHER }
  })
  const spec = {
    data: { values },
    width: WIDTH,
    height: { step: BAR, for: 'offset' },
    mark: { type: 'bar' },
    encoding: {
      x: { field: 'percent', type: 'quantitative', title: 'hits, %' },
      y: { field: 'group', type: 'nominal', sort: null, title: null },
      yOffset: { field: 'policy', type: 'nominal', sort: null },
      color: { field: 'colour', type: 'nominal', scale: null },
    },
  }
  return { file, title, spec }
}
