import type { Cache } from '@diskcache/cache'
import type { BareDatabase } from '../measuring/bare-database.ts'
import { type Contender, inProcess } from '../measuring/contender.ts'
import { atMost } from '../measuring/goal.ts'
import { seededRandom } from '../measuring/seeded-random.ts'
import { Stage } from '../measuring/stage.ts'
import { median, medianRatio } from '../measuring/statistics.ts'
import { takeTurns } from '../measuring/take-turns.ts'
import { scattered, Workload } from '../measuring/workload.ts'
import { countText, figureText } from '../report/figure-text.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

/** The smallest number of keys, first, is what the others are compared with. */
const FULL = {
  sizes: [1_000, 100_000, 1_000_000],
  effort: { milliseconds: 15_000, fewestRounds: 7 },
  calls: 2_000,
}

const QUICK: typeof FULL = {
  sizes: [1_000, 10_000],
  effort: { milliseconds: 0, fewestRounds: 1 },
  calls: 200,
}

const STEPS = ['get', 'set', 'cull step'] as const

type Step = (typeof STEPS)[number]

type Call = (key: string, value: string) => unknown

/** A cache and a bare database with as many keys. */
interface Pair {
  readonly keys: number
  readonly cache: Cache
  readonly calls: readonly [ours: Record<Step, Call>, bare: Record<Step, Call>]
}

const ROOMY = { sizeLimit: 2 ** 40 }

/** In one transaction. */
const BATCH = 10_000

/** What a cache costs as the number of its keys grows, beside what bare SQLite does. */
export const GROWTH_PART: Part = {
  name: 'growth',
  minutes: 1.1,
  async run({ quick, progress }) {
    const { sizes, effort, calls } = quick ? QUICK : FULL
    await using stage = new Stage()
    progress(0, STEPS.length + 1, 'filling')
    const pairs = sizes.map((keys) => filledPair(keys, stage.emptyCache(ROOMY), stage.emptyBare()))
    const found: Growth[] = []
    for (const [i, step] of STEPS.entries()) {
      progress(i + 1, STEPS.length + 1, step)
      if (step === 'cull step') for (const { cache } of pairs) cache.configure({ sizeLimit: cache.volume() })
      const contenders = pairs.flatMap((pair) => contendersOf(step, pair, calls))
      found.push(...growthOf(step, sizes, await takeTurns(contenders, calls, effort), calls))
    }
    return {
      title: 'As the number of keys grows',
      introduction:
        'The same operations at different numbers of keys, drawn among all alike, with strings of 100 bytes; the stores of all sizes, and a bare database of each size, take turns. **Grown** is how many times the time at the smallest number of keys it takes: trees become deeper, and what is kept in memory is ever less of all. A _cull step_ is a `set` of a new key in a full cache, for which those that were stored first are removed, many at a time; the bare database inserts a row and deletes the one with the lowest rowid in one transaction.',
      tables: [
        tableOf('Growth', found, {
          operation: ({ step }) => step,
          keys: ({ keys }) => countText(keys),
          µs: ({ ours }) => ours,
          grown: ({ oursGrown }) => oursGrown,
          'bare µs': ({ bare }) => bare,
          'bare grown': ({ bareGrown }) => bareGrown,
          'of bare': ({ ratio }) => ratio,
        }),
      ],
      goals: found.filter(({ keys }) => keys === sizes.at(-1)).map(goalOf),
    }
  },
}

function goalOf({ step, keys, oursGrown, bareGrown, ratio }: Growth) {
  return {
    work: `growth of ${step} to ${countText(keys)} keys, against bare SQLite’s own`,
    goal: atMost(1.05),
    measured: ratio,
    note: `${figureText(oursGrown)} and ${figureText(bareGrown)} times what they take at 1,000.`,
  }
}

/** Filled in an order in which no neighbours follow each other. */
function filledPair(keys: number, cache: Cache, bare: BareDatabase): Pair {
  const { values } = new Workload()
  for (let first = 0; first < keys; first += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, keys - first) }, (_, i) => {
      return [`key:${scattered(first + i, keys)}`, values.next()] as const
    })
    cache.setMany(entries)
    bare.upsertAll(entries)
  }
  const set: Call = (key, value) => cache.set(key, value)
  const ours = { get: (key: string) => cache.get(key), set, 'cull step': set }
  return {
    keys,
    cache,
    calls: [ours, { get: bare.select, set: bare.upsert, 'cull step': bare.replaceOldest }],
  }
}

/** Keys, new ones to cull, are drawn before each round, outside its timing; both stores of a size get the same ones. */
function contendersOf(step: Step, { keys, calls }: Pair, count: number): Contender[] {
  return calls.map(({ [step]: call }) => {
    const random = seededRandom(20)
    const { values } = new Workload()
    let [fresh, drawn]: [number, string[]] = [keys, []]
    const draw = () => `key:${step === 'cull step' ? fresh++ : Math.floor(random() * keys)}`
    return inProcess({
      prepare() {
        drawn = Array.from({ length: count }, draw)
      },
      call: () => call(drawn.pop() ?? '', values.next()),
    })
  })
}

/** One operation at one number of keys. */
export interface Growth {
  readonly step: string
  readonly keys: number
  /** Microseconds. */
  readonly ours: number
  readonly bare: number
  /** How many times what it takes at the smallest number of keys. */
  readonly oursGrown: number
  readonly bareGrown: number
  /** Of one to the other, round by round. */
  readonly ratio: number
}

/** From the rounds of `calls` calls: for each size ours, then those of the bare database. */
export function growthOf(
  step: string,
  sizes: readonly number[],
  times: readonly (readonly number[])[],
  calls: number,
): Growth[] {
  const grown = (some: readonly number[], first: readonly number[]) => some.map((time, i) => time / first[i]!)
  const [oursFirst = [], bareFirst = []] = times
  return sizes.map((keys, i) => {
    const [ours = [], bare = []] = [times[2 * i], times[2 * i + 1]]
    const ratio = medianRatio(grown(ours, oursFirst), grown(bare, bareFirst))
    const [oursGrown, bareGrown] = [medianRatio(ours, oursFirst), medianRatio(bare, bareFirst)]
    const microseconds = (some: readonly number[]) => (median(some) * 1e3) / calls
    return { step, keys, ours: microseconds(ours), bare: microseconds(bare), oursGrown, bareGrown, ratio }
  })
}
