import { ok } from 'node:assert'
import { join } from 'node:path'
import { missingPython } from '../../../../packages/cache/tests/python/peer.ts'
import type { Scenario } from '../scenario.ts'
import { type ReaderPlan, stalenessRun } from '../staleness/staleness-run.ts'
import type { WriterKind } from '../staleness/writers.ts'

const KIB = 1_024
const ROOMY = 1_024 * KIB

/** The ways to read: every staleness, both faces, values of one's own and of everybody, and a memory that is too small. */
const READERS: readonly ReaderPlan[] = [
  { face: 'sync', memory: { maxBytes: ROOMY, staleness: 1 } },
  { face: 'sync', memory: { maxBytes: ROOMY, staleness: 0 } },
  { face: 'promises', memory: { maxBytes: ROOMY, staleness: 10 } },
  { face: 'sync', memory: { maxBytes: ROOMY, staleness: 50, share: 'frozen' } },
  { face: 'promises', memory: { maxBytes: ROOMY, staleness: 1, share: 'frozen' } },
  { face: 'promises', memory: { maxBytes: ROOMY, staleness: 0 } },
  { face: 'sync', memory: { maxBytes: 64 * KIB, staleness: 1 } },
]

/** Full setting only: fewer would not tell much. */
const LEAST_READS = 2_000_000

/** What processes read from memory is no older than they allow, whoever writes, and however that ends. */
export const staleness: Scenario = {
  name: 'staleness',
  minutes: 10,
  async run({ directory, seed, short }) {
    const problem = missingPython()
    if (problem !== undefined && process.env.DISKCACHE_REQUIRE_PYTHON === '1')
      throw new Error(`Python is required: ${problem}`)
    const python: readonly WriterKind[] = problem === undefined ? ['Python'] : []
    const duration = short ? 800 : 15_000
    const plan = { seed, readers: READERS, duration }
    const cache = await stalenessRun({
      ...plan,
      ...{ kind: 'cache', directory: join(directory, 'cache'), writers: ['Node', 'killed', ...python] },
    })
    const fanout = await stalenessRun({
      ...plan,
      ...{
        kind: 'fanout',
        directory: join(directory, 'fanout'),
        writers: short ? ['Node'] : ['Node', 'killed'],
      },
    })
    ok(short || cache.reads >= LEAST_READS, `only ${cache.reads} reads were made`)
    return [cache.line, fanout.line, ...(problem === undefined ? [] : [`Python: SKIPPED, ${problem}`])]
  },
}
