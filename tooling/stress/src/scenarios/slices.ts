import { ok } from 'node:assert'
import { Child } from '../../../../packages/cache/tests/processes/child.ts'
import type { Scenario } from '../scenario.ts'
import { FACE_NAMES, type FaceName } from '../workers/slices/face-names.ts'
import type { SlicesJob, SlicesReport } from '../workers/slices/slices.ts'

const WORKER = new URL('../workers/slices/slices.ts', import.meta.url)

/** What every gap has to stay below, in milliseconds. */
export const GOAL = 50

/** The number of entries in each store. */
export const SIZE = 200_000
const SHORT_SIZE = 2_000

/** Every operation of every promise face works in slices, however many entries there are. */
export const slices: Scenario = {
  name: 'slices',
  minutes: 40,
  async run({ directory, short }) {
    const size = short ? SHORT_SIZE : SIZE
    const lines = [
      `with ${size} entries, in ms: the largest gap of a 10 ms ticker, what the thread computed in one, and the operation`,
    ]
    for (const face of FACE_NAMES) {
      const reports = await tryFace({ directory, face, size, goal: short ? Infinity : GOAL })
      lines.push(face, ...reports.map(lineOf))
      if (!short) for (const report of reports) expectSmallGap(face, report)
    }
    return short ? [...lines, `the goal of less than ${GOAL} ms is not asserted: too short to tell`] : lines
  },
}

/** Tries every operation of a promise face, in a process of its own. */
export function tryFace(job: SlicesJob): Promise<SlicesReport[]> {
  return Child.process<SlicesReport[]>(WORKER, job, { limit: 20 * 60_000 }).result
}

/** Where the machine does something else meanwhile, the gap is larger than what the thread computed in it. */
function expectSmallGap(face: FaceName, { name, exempt, gap, own }: SlicesReport): void {
  const message = `${face}: ${name} kept the event loop busy for ${own.toFixed(0)} of ${gap.toFixed(0)} ms`
  ok(exempt !== undefined || Math.min(gap, own) < GOAL, message)
}

function lineOf({ name, exempt, duration, gap, own }: SlicesReport): string {
  const figures = [gap, own, duration].map((figure) => figure.toFixed(1).padStart(9)).join('')
  return `  ${name.padEnd(26)}${figures}${exempt === undefined ? '' : `  ${exempt}`}`
}
