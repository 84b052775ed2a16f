import { lengthOf, levelsOf } from '../study/crowd-study.ts'
import type { CrowdRecording } from '../worker/crowd-service.ts'
import { type Chart, OWN } from './chart-svg.ts'

const COLUMNS = 3
const WIDTH = 260
/** Which the colour-blind tell apart from ours, by Okabe and Ito (2008). */
const RUNS = '#d55e00'

const HEIGHTS = { runs: 60, calls: 50 }

/** Callers are many: of all calls that began within so many milliseconds, the slowest is shown. */
const BUCKET = 50

type Kind = keyof typeof HEIGHTS

/** What is shown of one strategy at one time, in seconds: runs at a time, or how long a call took in milliseconds. */
type CrowdPoint = {
  readonly strategy: string
  readonly kind: Kind
  readonly time: number
  readonly value: number
}

/** A panel for each strategy: above how many runs there were at a time, below how long callers waited, in one scale for all. */
export function crowdChart(
  file: string,
  recordings: ReadonlyMap<string, CrowdRecording>,
  duration: number,
): Chart {
  const values = Array.from(recordings, ([name, recording]) => crowdPoints(name, recording, duration)).flat()
  const most = (kind: Kind) => Math.max(...values.map((point) => (point.kind === kind ? point.value : 0)))
  const [runs, calls] = [most('runs'), most('calls')]
  const concat = Array.from(recordings.keys(), (strategy) => ({
    title: { text: strategy, fontSize: 12 },
    spacing: 8,
    vconcat: [panel(strategy, 'runs', runs, duration), panel(strategy, 'calls', calls, duration)],
  }))
  const title = `Runs at a time, and how long callers waited: the slowest of each ${BUCKET} ms`
  const spec = { data: { values }, concat, columns: COLUMNS }
  return { file, title, spec }
}

function panel(strategy: string, kind: Kind, most: number, duration: number) {
  const ends = [0, duration / 1e3]
  const seconds = { values: ends, labelExpr: "datum.label + ' s'" }
  const x = { field: 'time', scale: { domain: ends, nice: false }, axis: kind === 'runs' ? null : seconds }
  const y = {
    field: 'value',
    scale: { domain: [0, most], nice: false },
    axis: { values: [0, most], format: '.0f' },
  }
  const area = { type: 'area', interpolate: 'step-after', color: RUNS }
  return {
    width: WIDTH,
    height: HEIGHTS[kind],
    transform: [{ filter: `datum.strategy === '${strategy}' && datum.kind === '${kind}'` }],
    mark: kind === 'runs' ? area : { type: 'rule', color: OWN },
    encoding: {
      x: { ...x, type: 'quantitative', title: null },
      y: { ...y, type: 'quantitative', title: kind === 'runs' ? 'runs' : 'ms' },
      ...(kind === 'calls' && { y2: { datum: 0 } }),
    },
  }
}

function crowdPoints(strategy: string, { calls, runs }: CrowdRecording, duration: number): CrowdPoint[] {
  const seconds = (time: number) => Math.round(Math.min(Math.max(time, 0), duration)) / 1e3
  const buckets = Map.groupBy(calls, ([begin]) => Math.floor(begin / BUCKET))
  const point = (kind: Kind, time: number, value: number) => ({ strategy, kind, time: seconds(time), value })
  return [
    ...[{ time: 0, level: 0 }, ...levelsOf(runs)].map(({ time, level }) => point('runs', time, level)),
    ...Array.from(buckets, ([bucket, some]) => {
      const slowest = Math.max(...some.map(lengthOf))
      return point('calls', (bucket + 0.5) * BUCKET, Math.round(slowest * 10) / 10)
    }),
  ]
}
