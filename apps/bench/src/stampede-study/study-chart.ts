import type { Recording, Stretch } from './recording.ts'
import { levelsOf } from './study-summary.ts'
import { element, pathData, text } from './svg.ts'

export interface ChartPlan {
  /** Milliseconds that are shown. */
  readonly duration: number
  /** As many runs at a time as there can be. */
  readonly mostRuns: number
}

interface Frame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const COLUMNS = 3
const PANEL = { width: 320, height: 175 }
const INSET = { left: 46, top: 28, right: 12 }
const RUNS_HEIGHT = 60
const CALLS_HEIGHT = 50
const GAP = 10

/** Callers are many: of all calls that began within so many milliseconds, the slowest is shown. */
const BUCKET = 50

/** Times are shown up to a multiple of this. */
const STEP = 100

const RUNS_COLOUR = '#c2410c'
const CALLS_COLOUR = '#1d4ed8'
const LINE_COLOUR = '#9ca3af'

/** A panel for each strategy: above how many runs there were at a time, below how long callers waited, in one scale for all. */
export function studyChart(recordings: ReadonlyMap<string, Recording>, plan: ChartPlan): string {
  const slowest = Math.max(...Array.from(recordings.values(), ({ calls }) => Math.max(...calls.map(timeOf))))
  const longest = Math.ceil(slowest / STEP) * STEP
  const panels = Array.from(recordings, ([name, recording], i) => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)]
    const transform = `translate(${column * PANEL.width} ${row * PANEL.height})`
    return element('g', { transform }, ...panel(name, recording, plan, longest))
  })
  const [width, height] = [
    COLUMNS * PANEL.width,
    Math.ceil(recordings.size / COLUMNS) * PANEL.height + INSET.top,
  ]
  const root = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img' }
  const fonts = { 'font-family': 'system-ui, sans-serif', 'font-size': 10, fill: '#374151' }
  const background = element('rect', { width, height, fill: '#ffffff', stroke: 'none' })
  return `${element('svg', { ...root, ...fonts }, element('title', {}, 'Runs at a time, and how long callers waited'), background, ...panels, legend(height - 10))}\n`
}

function panel(name: string, { calls, runs }: Recording, plan: ChartPlan, longest: number): string[] {
  const width = PANEL.width - INSET.left - INSET.right
  const above = { x: INSET.left, y: INSET.top, width, height: RUNS_HEIGHT }
  const below = { x: INSET.left, y: INSET.top + RUNS_HEIGHT + GAP, width, height: CALLS_HEIGHT }
  return [
    text(INSET.left, INSET.top - 8, name, { 'font-size': 12, 'font-weight': 600 }),
    ...axes(above, `${plan.mostRuns}`),
    element('path', { d: area(runs, above, plan), fill: RUNS_COLOUR }),
    ...axes(below, `${longest} ms`),
    element('path', { d: sticks(calls, below, plan, longest), stroke: CALLS_COLOUR, 'stroke-width': 1.2 }),
    text(below.x, below.y + below.height + 12, '0 s'),
    text(below.x + below.width, below.y + below.height + 12, `${plan.duration / 1e3} s`, {
      'text-anchor': 'end',
    }),
  ]
}

function axes({ x, y, width, height }: Frame, most: string): string[] {
  const d = pathData([
    ['M', x, y],
    ['V', y + height],
    ['H', x + width],
  ])
  return [
    element('path', { d, fill: 'none', stroke: LINE_COLOUR }),
    text(x - 4, y + 8, most, { 'text-anchor': 'end' }),
  ]
}

/** Steps, filled down to the axis. */
function area(
  runs: readonly Stretch[],
  { x, y, width, height }: Frame,
  { duration, mostRuns }: ChartPlan,
): string {
  const across = (time: number) => x + (Math.min(Math.max(time, 0), duration) / duration) * width
  const up = (level: number) => y + height * (1 - level / mostRuns)
  const steps = levelsOf(runs).flatMap(({ time, level }) => [
    ['H', across(time)],
    ['V', up(level)],
  ])
  return pathData([['M', x, y + height], ...steps, ['V', y + height], ['Z']])
}

function sticks(calls: readonly Stretch[], frame: Frame, { duration }: ChartPlan, longest: number): string {
  const slowest = new Map<number, number>()
  for (const call of calls) {
    const bucket = Math.floor(call[0] / BUCKET)
    slowest.set(bucket, Math.max(slowest.get(bucket) ?? 0, timeOf(call)))
  }
  const commands = Array.from(slowest, ([bucket, time]) => [
    ['M', frame.x + (((bucket + 0.5) * BUCKET) / duration) * frame.width, frame.y + frame.height],
    ['v', -(time / longest) * frame.height],
  ])
  return pathData(commands.flat())
}

function legend(y: number): string {
  return element(
    'g',
    {},
    element('rect', { x: INSET.left, y: y - 8, width: 8, height: 8, fill: RUNS_COLOUR }),
    text(INSET.left + 12, y, 'runs at a time'),
    element('rect', { x: INSET.left + 110, y: y - 8, width: 8, height: 8, fill: CALLS_COLOUR }),
    text(INSET.left + 122, y, `how long callers waited: the slowest of each ${BUCKET} ms`),
  )
}

function timeOf([begin, end]: Stretch): number {
  return end - begin
}
