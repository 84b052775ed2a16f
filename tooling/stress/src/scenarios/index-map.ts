import { deepStrictEqual, strictEqual } from 'node:assert'
import { join } from 'node:path'
import { Index } from '@diskcache/collections'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { expectSound } from '../../../../packages/cache/tests/processes/soundness.ts'
import { indexRun } from '../../../../packages/collections/tests/processes/index/index-run.ts'
import type { Scenario } from '../scenario.ts'
import type { RandomIndexJob } from '../workers/random-index.ts'

const RANDOM = new URL('../workers/random-index.ts', import.meta.url)
const PROCESSES = 8
const LIMIT = 300_000

/** Eight processes on one index: each with entries of its own beside what they share, and then random operations. */
export const indexMap: Scenario = {
  name: 'index',
  minutes: 10,
  async run({ directory, seed, short }) {
    const plan = { seed, processes: PROCESSES, operations: short ? 500 : 6_000, limit: LIMIT }
    const parts = await indexRun({ ...plan, directory: join(directory, 'parts') })
    const job = { directory: join(directory, 'random'), seed, operations: short ? 1_000 : 10_000 }
    return [parts, await randomRun(job)]
  },
}

async function randomRun(job: Omit<RandomIndexJob, 'id'>): Promise<string> {
  new Index(job.directory).close()
  const start = performance.now()
  const children = Array.from({ length: PROCESSES }, (_, id) =>
    Child.process<null>(RANDOM, { ...job, id }, { limit: LIMIT }),
  )
  await meet(children)
  await results(children)
  const seconds = (performance.now() - start) / 1e3
  expectSound(job.directory)
  const size = expectWhole(job.directory)
  return (
    `${PROCESSES * job.operations} random operations of ${PROCESSES} processes in ${seconds.toFixed(1)} s, ` +
    `${size} entries left; check() finds nothing`
  )
}

/** All ways to look at it agree; gives its size. */
function expectWhole(directory: string): number {
  using index = new Index(directory)
  const keys = [...index.keys()]
  strictEqual(index.size, new Set(keys).size, 'size is not the number of keys')
  deepStrictEqual(
    [...index.keys({ reverse: true })],
    keys.toReversed(),
    'it is not the same in both directions',
  )
  deepStrictEqual(
    keys.map((key) => [key, index.get(key)]),
    [...index],
    'get() gives something else',
  )
  return keys.length
}
