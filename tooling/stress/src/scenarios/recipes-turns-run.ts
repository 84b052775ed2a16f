import { ok } from 'node:assert'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { type AnyStorePlace, openAnyStore, titleOf } from '../workers/recipes/open-any-store.ts'
import type { TurnsJob } from '../workers/recipes/taking-turns.ts'

const WORKER = new URL('../workers/recipes/taking-turns.ts', import.meta.url)
const PROCESSES = 4

/** Milliseconds. */
const HOLD = 10

/** The longest wait, as a multiple of what turns would give. */
const MOST = 10

/**
 * Processes hold one lock by turns. None waits for longer than ten times its share: what the turns of the others take, at
 * the pace of this machine.
 */
export async function turnsRun(place: AnyStorePlace, duration: number): Promise<string> {
  await openAnyStore(place).close()
  const job: TurnsJob = { ...place, hold: HOLD, duration }
  const limit = duration + 60_000
  const children = Array.from({ length: PROCESSES }, () => Child.process<number[]>(WORKER, job, { limit }))
  await meet(children)
  const waits = await results(children)
  const sorted = waits.flat().sort((a, b) => a - b)
  const pace = duration / sorted.length
  const share = (PROCESSES - 1) * pace
  const longest = sorted.at(-1) ?? Infinity
  ok(longest <= MOST * share, `a wait of ${longest} ms for a lock that turns give after ${share} ms`)
  const percentile = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(0)
  return (
    `${titleOf(place)}: a lock held ${HOLD} ms by turns of ${PROCESSES} processes, one turn in ${pace.toFixed(1)} ms: ` +
    `${waits.map(({ length }) => length).join(', ')} turns; waits of ${percentile(0.5)} ms (median), ` +
    `${percentile(0.99)} (99 %), ${longest.toFixed(0)} (longest: ${(longest / share).toFixed(1)} × the fair share, ` +
    `${(longest / ((PROCESSES - 1) * HOLD)).toFixed(1)} × that of turns without any cost)`
  )
}
