import { join } from 'node:path'
import { trialRole } from '../trials/trial-role.ts'
import type { CallOutcome } from './call-outcome.ts'
import { CallTrials } from './call-trials.ts'
import type { FaultPoint } from './fault-points.ts'

export interface CallJob {
  /** Below it, calls fail. */
  readonly directory: string
  /** What to try, by the numbers of the trials; unless given, the one trial finds out the points of all operations. */
  readonly points?: readonly FaultPoint[]
}

trialRole<CallJob, CallOutcome | FaultPoint[]>(async ({ directory, points }) => {
  // An operation that never settles must hang, rather than let the process end.
  setInterval(() => {}, 1_000)
  const trials = new CallTrials(join(directory, String(process.pid)))
  return (trial) => (points === undefined ? trials.findPoints() : trials.make(points[trial] as FaultPoint))
})
