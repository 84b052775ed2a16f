import { Cache } from '@diskcache/cache'
import { seededRandom } from '../measuring/seeded-random.ts'
import { Stage } from '../measuring/stage.ts'
import { type Watched, watchLoop } from '../measuring/watch-loop.ts'
import { countText, millisecondsText } from '../report/figure-text.ts'
import { ABSENT, type Table } from '../report/table.ts'
import type { Part } from '../running/part.ts'

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000]
const QUICK_SIZES = [10_000, 20_000]

/** In one transaction. */
const BATCH = 10_000

/** The number of keys with the rare prefix, whatever the size. */
const FEW = 100

const ROOMY = { sizeLimit: 2 ** 40 }

type Measure = (cache: Cache, keys: number) => Promise<Partial<Watched> & { readonly duration: number }>

/** What is measured with all keys there, in this order: the last ones remove them. */
const OPERATIONS: Readonly<Record<string, Measure>> = {
  'open and close': async ({ directory }) => took(() => new Cache(directory).close()),
  'get at random': async (cache, keys) => {
    const random = seededRandom(7)
    const calls = 10_000
    const drawn = Array.from({ length: calls }, () => keyOf(Math.floor(random() * keys), keys))
    return { duration: took(() => drawn.forEach((key) => void cache.get(key))).duration / calls }
  },
  'keys of 100 with a prefix': async (cache) => took(() => count(cache.keys({ prefix: 'few' }))),
  'the same, backwards': async (cache) => took(() => count(cache.keys({ prefix: 'few', reverse: true }))),
  'the same, sorted': async (cache) => took(() => count(cache.keys({ prefix: 'few', order: 'sorted' }))),
  'entries with the prefix': async (cache) => took(() => count(cache.entries({ prefix: 'few' }))),
  'promises: keys with the prefix': (cache) =>
    watchLoop(async () => {
      let found = 0
      for await (const _ of cache.promises.keys({ prefix: 'few' })) found++
      expectFew(found)
    }),
  'promises: clear of the prefix': (cache) =>
    watchLoop(async () => expectFew(await cache.promises.clear({ prefix: 'few' }))),
  'promises: evict without an index': (cache) => watchLoop(() => cache.promises.evict('none')),
  'promises: check': (cache) => watchLoop(() => cache.promises.check()),
  'promises: cull of a tenth': (cache) => {
    cache.configure({ sizeLimit: Math.floor(cache.volume() * 0.9) })
    return watchLoop(() => cache.promises.cull())
  },
  'promises: clear': (cache) => {
    // What was culled is not filled in again, which would take as long as all else.
    cache.configure(ROOMY)
    return watchLoop(() => cache.promises.clear())
  },
}

interface Result extends Partial<Watched> {
  readonly operation: string
  readonly keys: number
}

/** What operations take that may have to do with all keys, up to ten million of them. */
export const MANY_KEYS_PART: Part = {
  name: 'many-keys',
  minutes: 15,
  async run({ quick, progress }) {
    const sizes = quick ? QUICK_SIZES : SIZES
    await using stage = new Stage()
    const results: Result[] = []
    for (const [i, keys] of sizes.entries()) {
      progress(i, sizes.length, `${countText(keys)} keys`)
      results.push(...(await measureAll(stage.emptyCache(ROOMY), keys)))
    }
    return {
      title: 'With many keys',
      introduction:
        'What an operation takes as a whole, with strings of 20 bytes, and in brackets, for the promise face, the most that the thread computed between two ticks of a timer of 10 ms: for so long the event loop did not turn. The directory is in the memory of the operating system, as far as that has room.',
      tables: [tableFor(results, sizes)],
    }
  },
}

async function measureAll(cache: Cache, keys: number): Promise<Result[]> {
  const { duration } = took(() => fill(cache, keys))
  const results: Result[] = [{ operation: 'set, 10,000 in a transaction', keys, duration: duration / keys }]
  for (const [operation, measure] of Object.entries(OPERATIONS))
    results.push({ operation, keys, ...(await measure(cache, keys)) })
  return results
}

/** Fills an empty cache in an order in which keys of the rare prefix are far from each other. */
function fill(cache: Cache, keys: number): void {
  for (let first = 0; first < keys; first += BATCH) {
    const length = Math.min(BATCH, keys - first)
    const entries = Array.from({ length }, (_, i) => {
      return [keyOf(first + i, keys), `value of ${String(first + i).padStart(11)}`] as const
    })
    cache.setMany(entries, { tag: 'all' })
  }
}

function keyOf(i: number, keys: number): string {
  return i % (keys / FEW) === 0 ? `few ${i}` : `key ${i}`
}

function took(operation: () => void): { readonly duration: number } {
  const start = performance.now()
  operation()
  return { duration: performance.now() - start }
}

function count(found: Iterable<unknown>): void {
  expectFew([...found].length)
}

function expectFew(found: number): void {
  if (found !== FEW) throw new Error(`Found ${found} keys with the prefix, and there are ${FEW}`)
}

function tableFor(results: readonly Result[], sizes: readonly number[]): Table {
  const operations = [...new Set(results.map(({ operation }) => operation))]
  const cell = (operation: string, keys: number) =>
    cellText(results.find((result) => result.operation === operation && result.keys === keys))
  return {
    title: 'With many keys',
    head: ['operation', ...sizes.map((keys) => `${countText(keys)} keys`)],
    rows: operations.map((operation) => [operation, ...sizes.map((keys) => cell(operation, keys))]),
    block: 'many-keys',
  }
}

function cellText(result: Result | undefined): string {
  if (result?.duration === undefined) return ABSENT
  if (result.blocked === undefined) return millisecondsText(result.duration)
  // The system counts what a thread computes in steps of some milliseconds at worst.
  const blocked = result.blocked < 1 ? 'under 1 ms' : millisecondsText(result.blocked)
  return `${millisecondsText(result.duration)} (${blocked})`
}
