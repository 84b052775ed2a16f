import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { type Ended, runTrials, type TrialPlan } from '../trials/run-trials.ts'
import type { CallOutcome } from './call-outcome.ts'
import { CallTally } from './call-tally.ts'
import type { CallJob } from './call-worker.ts'
import { CARELESS_POINTS, expectFound } from './careless.ts'
import { BELOW_VARIABLE, CONTROL_VARIABLE } from './fault-control.ts'
import type { FaultPoint } from './fault-points.ts'
import { compileShim } from './shim.ts'

export interface CallRun {
  /** Empty, and its own. */
  readonly directory: string
  readonly seed: number
  /** How many of the points are tried, drawn by the seed; all unless given. */
  readonly most?: number
  /** Only points that are like this. */
  readonly where?: Partial<FaultPoint>
  /** No points of this call. */
  readonly without?: FaultPoint['call']
}

const WORKER = new URL('./call-worker.ts', import.meta.url)
const PROCESSES = 2
const LIMIT = 15_000

/** Lets the system calls of operations fail, one after the other, and judges what comes of it. */
export async function callRun({ directory, seed, most, where = {}, without }: CallRun): Promise<CallTally> {
  const folders = {
    [BELOW_VARIABLE]: join(directory, 'below'),
    [CONTROL_VARIABLE]: join(directory, 'control'),
  }
  for (const folder of Object.values(folders)) mkdirSync(folder)
  const env = { ...folders, LD_PRELOAD: compileShim(directory) }
  const job: CallJob = { directory: join(directory, 'below') }
  const plan = { module: WORKER, job, limit: LIMIT, env }
  const found = await runTrials<CallJob, FaultPoint[]>({ ...plan, trials: [0], processes: 1 })
  const all = pointsOf(found).filter(
    (point) => point.call !== without && isDeepStrictEqual({ ...point, ...where }, point),
  )
  const points = most === undefined ? all : draw(all, most, new Random(seed))
  const proof = await tryPoints({ ...plan, processes: 1 }, CARELESS_POINTS)
  expectFound(proof.flatMap((end) => ('outcome' in end ? [end.outcome] : [])))
  return new CallTally(points, all.length, await tryPoints({ ...plan, processes: PROCESSES }, points))
}

function tryPoints(
  plan: Omit<TrialPlan<CallJob>, 'trials'>,
  points: readonly FaultPoint[],
): Promise<Ended<CallOutcome>[]> {
  return runTrials({ ...plan, job: { ...plan.job, points }, trials: points.map((_, i) => i) })
}

function pointsOf([end]: readonly Ended<FaultPoint[]>[]): FaultPoint[] {
  if (end !== undefined && 'outcome' in end) return end.outcome
  throw new Error(`Cannot find the points of the operations: ${JSON.stringify(end)}`)
}

function draw<T>(items: readonly T[], count: number, random: Random): T[] {
  const rest = [...items]
  return Array.from(
    { length: Math.min(count, items.length) },
    () => rest.splice(random.below(rest.length), 1)[0] as T,
  )
}
