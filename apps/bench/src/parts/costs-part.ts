import { type Ask, greedyDual, hyperbolic, lru, s3Fifo, s3FifoByCost } from '@diskcache/simulation'
import { syntheticTraces } from '../hit-ratio/synthetic-traces.ts'
import type { Trace } from '../hit-ratio/trace.ts'
import { tracesIn } from '../hit-ratio/trace-files.ts'
import { seededRandom } from '../measuring/seeded-random.ts'
import { type Table, tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

const POLICIES: Readonly<Record<string, (size: number) => Ask>> = {
  'S3-FIFO': s3Fifo,
  'the same, dear ones with uses': s3FifoByCost,
  Hyperbolic: hyperbolic,
  GDSF: greedyDual,
  'least recently used': lru,
}

/** The sizes of caches, as parts of what all keys take. */
const SIZES = [0.02, 0.1, 0.3]

/** How widely the costs of keys are spread: the standard deviation of their logarithm. */
const SPREADS = [0.5, 1, 2]

/** The most requests that are taken of a trace. */
const MOST_REQUESTS = 200_000

/** What policies answer in caches of all sizes: means of parts from 0 to 1. */
interface Outcome {
  readonly spread: number
  readonly group: string
  readonly policy: string
  readonly hits: number
  /** The part of the cost of all requests that hits have saved. */
  readonly saved: number
}

/** Whether it pays to know what a value cost to make: policies without a disk. */
export const COSTS_PART: Part = {
  name: 'costs',
  minutes: 5,
  async run({ quick, progress }) {
    const folder = process.env.DISKCACHE_TRACES
    const outcomes: Outcome[] = []
    const traces =
      folder === undefined || quick ? syntheticTraces(quick ? 5_000 : MOST_REQUESTS) : tracesIn(folder)
    for (const trace of traces)
      for (const spread of SPREADS) {
        progress(outcomes.length, outcomes.length + 1, trace.name)
        for (const policy of Object.keys(POLICIES)) outcomes.push(answer(trace, policy, spread))
      }
    return {
      title: 'Whether cost is worth knowing',
      introduction: `Traces give no costs. Here each key has one at random, by a lognormal distribution, whatever its size; policies without a disk answer the first ${MOST_REQUESTS} requests, and each figure is the mean of caches for 2, 10 and 30 % of what all keys take. Hits of requests, and the part of the cost of all requests that hits have saved.`,
      tables: SPREADS.map((spread) =>
        costsTable(
          `Spread ${spread}`,
          outcomes.filter((outcome) => outcome.spread === spread),
        ),
      ),
    }
  },
}

function answer({ group, requests, bytes }: Trace, policy: string, spread: number): Outcome {
  const asked = requests.subarray(0, MOST_REQUESTS)
  // Keys are numbered in the order in which they are asked for first.
  const keys = 1 + asked.reduce((most, key) => Math.max(most, key), 0)
  const costs = costsOf(keys, spread)
  const all = bytes === undefined ? keys : bytes.slice(0, keys).reduce((sum, some) => sum + some, 0)
  const sum = { asked: 0, hits: 0, cost: 0, saved: 0 }
  for (const part of SIZES) {
    const ask = POLICIES[policy]!(Math.max(8, Math.floor(all * part)))
    for (const key of asked) {
      const cost = costs[key] ?? 1
      sum.asked++
      sum.cost += cost
      if (!ask(key, bytes?.[key] ?? 1, cost)) continue
      sum.hits++
      sum.saved += cost
    }
  }
  return { spread, group, policy, hits: sum.hits / sum.asked, saved: sum.saved / sum.cost }
}

/** Returns a cost for each key: the exponential of a normal distribution (Box and Muller). */
function costsOf(keys: number, spread: number): number[] {
  const random = seededRandom(5)
  return Array.from({ length: keys }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    return Math.exp(spread * radius * Math.cos(2 * Math.PI * random()))
  })
}

/** Makes a table with a row for each group and one for all, and for each policy hits, and in brackets what they saved. */
function costsTable(title: string, outcomes: readonly Outcome[]): Table {
  const groups = [...new Set(outcomes.map(({ group }) => group)), undefined]
  const cell = (policy: string) => (group: string | undefined) => {
    const some = outcomes.filter((one) => one.policy === policy && (group ?? one.group) === one.group)
    const mean = (of: (one: Outcome) => number) =>
      ((100 * some.reduce((sum, one) => sum + of(one), 0)) / some.length).toFixed(1)
    return `${mean(({ hits }) => hits)} (${mean(({ saved }) => saved)})`
  }
  const cells = Object.fromEntries(Object.keys(POLICIES).map((policy) => [policy, cell(policy)]))
  return tableOf(title, groups, { traces: (group: string | undefined) => group ?? 'all', ...cells })
}
