import { join } from 'node:path'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { pathOf, SERVER_PROGRAM } from '../../../../packages/redis/tests/servers/redis-server.ts'
import type { AbsentJob, AbsentReport } from '../absent/absent-worker.ts'
import { PERIOD } from '../absent/asking.ts'
import { openRedis } from '../absent/faults.ts'
import { judgeUndisturbed } from '../absent/judge-undisturbed.ts'
import type { Scenario } from '../scenario.ts'

const WORKER = new URL('../absent/absent-worker.ts', import.meta.url)

/** Milliseconds of the whole, and those of each second in which the event loop is kept busy. */
const DURATION = 30_000
const DURATION_WHEN_SHORT = 5_000
const BUSY = 200

/**
 * Everything that uses a store as a cache, while the store is well and the process itself is busy: nobody takes the
 * store to be away, and nothing is computed twice.
 */
export const blockedLoop: Scenario = {
  name: 'blocked',
  minutes: 3,
  async run({ directory, seed, short }) {
    const duration = short ? DURATION_WHEN_SHORT : DURATION
    const job = { seed, requests: duration / PERIOD, measures: [duration * 0.1], busy: BUSY }
    const places: AbsentJob['place'][] = [{ directory: join(directory, 'sqlite') }]
    await using stack = new AsyncDisposableStack()
    if (pathOf(SERVER_PROGRAM) !== undefined) places.push(stack.use(await openRedis(directory)).place)
    const limit = { limit: duration + 60_000 }
    const children = places.map((place) => Child.process<AbsentReport>(WORKER, { ...job, place }, limit))
    await meet(children)
    const reports = await results(children)
    const wrongs = reports.flatMap(judgeUndisturbed)
    if (wrongs.length > 0) throw new Error(wrongs.join('\n'))
    const requests = reports
      .flatMap(({ users }) => users)
      .reduce((sum, { requests }) => sum + requests.length, 0)
    return [
      `${requests} requests to ${places.length} kinds of stores in ${duration / 1e3} s, of each of which the loop was ` +
        `busy for ${BUSY} ms: no store was taken to be away, and nothing was computed twice`,
    ]
  },
}
