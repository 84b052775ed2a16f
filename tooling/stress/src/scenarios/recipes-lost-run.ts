import { deepStrictEqual } from 'node:assert'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import type { CutOffJob, CutOffReport } from '../workers/recipes/cut-off/cut-off-holds.ts'
import { type AnyStorePlace, openAnyStore, titleOf } from '../workers/recipes/open-any-store.ts'

const WORKER = new URL('../workers/recipes/cut-off/cut-off-holds.ts', import.meta.url)

/** Of so many holds at a time, so that the event loop has time to turn. */
const AT_ONCE = 100

/** Milliseconds. */
const LEASE = 2_000

/** Every holder is told that it has lost its lock before the lease is over, when its store does not answer any more. */
export async function lostRun(place: AnyStorePlace, holds: number, seed: number): Promise<string> {
  await openAnyStore(place).close()
  const reports: CutOffReport[] = []
  for (let i = 0; i < holds; i += AT_ONCE) {
    const job: CutOffJob = { ...place, seed: seed + i, holds: AT_ONCE, lease: LEASE }
    const children = [Child.process<CutOffReport>(WORKER, job, { limit: 60_000 })]
    await meet(children)
    reports.push(...(await results(children)))
  }
  const sum = (figure: 'inTime' | 'stalled' | 'blocked') =>
    reports.reduce((total, report) => total + report[figure], 0)
  const least = Math.min(...reports.map((report) => report.least))
  const [inTime, stalled, blocked] = [sum('inTime'), sum('stalled'), sum('blocked')]
  deepStrictEqual([inTime + stalled, blocked], [holds, holds], 'a holder was not told in time')
  return (
    `${titleOf(place)}: ${inTime} of ${holds} holds whose store was cut off heard of it before the end of the lease of ` +
    `${LEASE} ms, by ${least} ms at least (${stalled} could not: their process stood still then); ` +
    `${blocked} of ${holds} after a blocked event loop, before any timer`
  )
}
