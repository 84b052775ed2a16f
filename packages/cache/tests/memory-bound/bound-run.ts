import { join } from 'node:path'
import { Child, results } from '../processes/child.ts'
import { BOUND_KINDS } from './bound-kinds.ts'
import type { BoundJob, BoundReport } from './bound-worker.ts'

const WORKER = new URL('./bound-worker.ts', import.meta.url)

/** Returns what a memory of so many bytes takes in a process that does nothing else, for each kind of entries. */
export async function boundRun(
  directory: string,
  maxBytes: number,
  kinds: readonly string[] = Object.keys(BOUND_KINDS),
): Promise<readonly BoundReport[]> {
  const reports: BoundReport[] = []
  for (const kind of kinds) {
    // In a process of its own, as what another kind has left would count.
    const job: BoundJob = { directory: join(directory, kind), maxBytes, kind }
    reports.push(...(await results([Child.process<BoundReport>(WORKER, job, { limit: 300_000 })])))
  }
  return reports
}
