import { deepStrictEqual, strictEqual } from 'node:assert'
import { join } from 'node:path'
import type { NamedPolicy } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { killTransfersRun } from '../../../../packages/fanout/tests/processes/kill-transfers-run.ts'
import { mixedShardsRun } from '../../../../packages/fanout/tests/processes/mixed/mixed-run.ts'
import { expectSoundShards } from '../../../../packages/fanout/tests/processes/soundness.ts'
import type { Scenario } from '../scenario.ts'
import type { DroppingJob, DroppingReport } from '../workers/dropping.ts'
import type { RandomFanoutJob, RandomFanoutReport } from '../workers/random-fanout.ts'

const DROPPING = new URL('../workers/dropping.ts', import.meta.url)
const RANDOM = new URL('../workers/random-fanout.ts', import.meta.url)
const PROCESSES = 8
const LIMIT = 300_000

const POLICIES: readonly NamedPolicy[] = [
  'least-recently-used',
  'least-recently-stored',
  'least-frequently-used',
  'none',
]

/** Eight processes on eight shards: the invariants of a cache, what is dropped, Python's random operations, kills. */
export const fanout: Scenario = {
  name: 'fanout',
  minutes: 10,
  async run({ directory, seed, short }) {
    const plan = { seed, processes: PROCESSES, operations: short ? 300 : 5_000, limit: LIMIT }
    const roomy = await mixedShardsRun({ ...plan, directory: join(directory, 'roomy') })
    const settings = {
      sizeLimit: 8_000_000,
      evictionPolicy: 'least-recently-used',
      statistics: true,
    } as const
    const tight = await mixedShardsRun({ ...plan, directory: join(directory, 'tight'), settings })
    const dropping = await dropRun({
      directory: join(directory, 'drops'),
      seed,
      operations: short ? 300 : 4_000,
    })
    const random: string[] = []
    for (const policy of POLICIES.slice(0, short ? 2 : POLICIES.length)) {
      const job = { directory: join(directory, policy), seed, operations: short ? 1_000 : 10_000 }
      random.push(await randomRun(job, policy))
    }
    const kill = { directory: join(directory, 'kill'), seed, rounds: short ? 5 : 60 }
    const killed = await killTransfersRun(kill)
    return [roomy.join(', '), `with eviction: ${tight.join(', ')}`, dropping, ...random, killed]
  },
}

async function dropRun(job: Omit<DroppingJob, 'id'>): Promise<string> {
  new FanoutCache(job.directory, { shards: 8 }).close()
  const reports = await runAll<DroppingReport>(DROPPING, job)
  using cache = new FanoutCache(job.directory)
  for (const counter of cache.keys({ foreign: 'skip' })) {
    if (typeof counter !== 'number') continue
    const total = sum(reports.map(({ added }) => added[counter] as number))
    strictEqual(cache.get(counter), total, `counter ${counter} is not the sum of what was added`)
  }
  const own = reports.flatMap(({ own }) => own)
  deepStrictEqual(
    new Map(cache.entries().filter(([key]) => typeof key === 'string')),
    new Map<unknown, unknown>(own),
    'the entries are not what the answers say',
  )
  expectSoundShards(job.directory)
  const [dropped, refused] = [
    sum(reports.map(({ dropped }) => dropped)),
    sum(reports.map(({ refused }) => refused)),
  ]
  return (
    `${PROCESSES * job.operations} operations of both faces with the default timeout: ` +
    `${dropped} dropped and ${refused} refused by the synchronous one, without effect; all others counted`
  )
}

async function randomRun(job: Omit<RandomFanoutJob, 'id'>, evictionPolicy: NamedPolicy): Promise<string> {
  new FanoutCache(job.directory, { shards: 8, sizeLimit: 2_000_000, evictionPolicy }).close()
  const start = performance.now()
  const reports = await runAll<RandomFanoutReport>(RANDOM, job)
  const seconds = (performance.now() - start) / 1e3
  expectSoundShards(job.directory)
  const [hits, sets, dropped] = (['hits', 'sets', 'dropped'] as const).map((name) =>
    sum(reports.map((report) => report[name])),
  )
  return (
    `${evictionPolicy}: ${PROCESSES * job.operations} random operations in ${seconds.toFixed(1)} s ` +
    `(${hits} hits, ${sets} sets, ${dropped} dropped), check() finds nothing`
  )
}

async function runAll<Report>(module: URL, job: object): Promise<Report[]> {
  const children = Array.from({ length: PROCESSES }, (_, id) =>
    Child.process<Report>(module, { ...job, id }, { limit: LIMIT }),
  )
  await meet(children)
  return results(children)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
