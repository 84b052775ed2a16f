import { strictEqual } from 'node:assert'
import { Cache } from '@diskcache/cache'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { expectSound } from '../../../../packages/cache/tests/processes/soundness.ts'
import type { Scenario } from '../scenario.ts'

export interface ContentionJob {
  readonly directory: string
  /** Milliseconds. */
  readonly duration: number
}

/** Milliseconds. */
export interface ContentionReport {
  readonly sets: number
  readonly longest: number
}

const WORKER = new URL('../workers/contention.ts', import.meta.url)
const WRITERS = 16

/** Many writers of one key: none waits so long that it fails. */
export const event: Scenario = {
  name: 'event',
  minutes: 2,
  async run({ directory, short }) {
    const duration = short ? 4_000 : 10_000
    const job: ContentionJob = { directory, duration }
    const children = Array.from({ length: WRITERS }, () =>
      Child.process<ContentionReport>(WORKER, job, { limit: 60_000 }),
    )
    await meet(children)
    const reports = await results(children)
    const sets = reports.map(({ sets }) => sets)
    const total = sets.reduce((sum, count) => sum + count, 0)
    verify(directory, total)
    const longest = Math.max(...reports.map(({ longest }) => longest))
    return [
      `${WRITERS} writers of one key, ${((total / duration) * 1e3).toFixed(0)} sets/s, no timeout; ` +
        `longest set ${longest.toFixed(0)} ms; fewest and most sets of a writer ${Math.min(...sets)} and ${Math.max(...sets)}`,
    ]
  },
}

function verify(directory: string, total: number): void {
  using cache = new Cache(directory)
  strictEqual(cache.get('total'), total, 'increments were lost')
  expectSound(directory)
}
