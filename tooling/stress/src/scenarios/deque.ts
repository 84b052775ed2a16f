import { deepStrictEqual, strictEqual } from 'node:assert'
import { join } from 'node:path'
import { Deque } from '@diskcache/collections'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { expectSound } from '../../../../packages/cache/tests/processes/soundness.ts'
import { type FlowPlan, flowRun } from '../../../../packages/collections/tests/processes/flow/flow-run.ts'
import { killTakersRun } from '../../../../packages/collections/tests/processes/kill/kill-takers-run.ts'
import type { Scenario } from '../scenario.ts'
import type { RandomDequeJob } from '../workers/random-deque.ts'

const RANDOM = new URL('../workers/random-deque.ts', import.meta.url)
const PROCESSES = 8
const LIMIT = 300_000

const FLOWS: readonly Partial<FlowPlan>[] = [
  {},
  { stirring: 'freely' },
  { maxLength: 10, stirring: 'in place' },
  { stirring: 'in place' },
  { maxLength: 50 },
  { maxLength: 50, stirring: 'freely' },
]

/** Eight processes and more on one deque: items that flow through it, with and without a bound, random operations, and kills. */
export const deque: Scenario = {
  name: 'deque',
  minutes: 10,
  async run({ directory, seed, short }) {
    const takers = ['popLeft', 'takeLeft', 'takeLeft', 'hasty'] as const
    const plan = { seed, producers: 4, takers, items: short ? 200 : 2_500, limit: LIMIT }
    const figures: string[] = []
    for (const [i, flow] of FLOWS.slice(0, short ? 3 : FLOWS.length).entries()) {
      figures.push(await flowRun({ ...plan, ...flow, directory: join(directory, `flow-${i}`) }))
    }
    const job = { directory: join(directory, 'random'), seed, operations: short ? 300 : 5_000 }
    const kill = { directory: join(directory, 'kill'), seed, rounds: short ? 5 : 50 }
    return [...figures, await randomRun(job), await killTakersRun(kill)]
  },
}

async function randomRun(job: Omit<RandomDequeJob, 'id'>): Promise<string> {
  new Deque(job.directory).close()
  const start = performance.now()
  const children = Array.from({ length: PROCESSES }, (_, id) =>
    Child.process<number>(RANDOM, { ...job, id }, { limit: LIMIT }),
  )
  await meet(children)
  const longest = Math.max(...(await results(children)))
  const seconds = (performance.now() - start) / 1e3
  expectSound(job.directory)
  expectWhole(job.directory)
  return (
    `${PROCESSES * job.operations} random operations of ${PROCESSES} processes in ${seconds.toFixed(1)} s, ` +
    `at most ${longest} items; check() finds nothing`
  )
}

/** All ways to look at it agree. */
function expectWhole(directory: string): void {
  using deque = new Deque(directory)
  const items = [...deque]
  strictEqual(deque.length, items.length, 'length is not the number of items')
  deepStrictEqual([...deque.reversed()], items.toReversed(), 'it is not the same in both directions')
  deepStrictEqual(
    items.map((_, position) => deque.at(position)),
    items,
    'at() gives something else',
  )
}
