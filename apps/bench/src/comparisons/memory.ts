import { Cache, type CacheOptions } from '@diskcache/cache'
import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { atMost, type Goal } from '../measuring/goal.ts'
import { zipfRanks } from '../measuring/seeded-random.ts'
import type { Stage } from '../measuring/stage.ts'
import { Rotation, SMALL, Workload } from '../measuring/workload.ts'
import { onCacheWith, SELECT } from './sides.ts'

/** So many that a round of calls that take a tenth of a microsecond is long enough to be timed. */
const MANY = 20_000

const ROOMY = { maxBytes: 64 * 2 ** 20, staleness: 1 }

const HOT_OPTIONS = { memory: ROOMY }

const FRESH_OPTIONS = { memory: { ...ROOMY, staleness: 0 } }

const lmdb = await import('lmdb').catch(() => undefined)

const HOT = onCacheWith(HOT_OPTIONS)('get from memory', (cache, { keys }) => cache.get(keys.next()))

const HOT_PROMISES = onCacheWith(HOT_OPTIONS)(
  'promises.get from memory, awaited one by one',
  (cache, { keys }) => cache.promises.get(keys.next()),
)

const FRESH = onCacheWith(FRESH_OPTIONS)('get from memory, staleness 0', (cache, { keys }) =>
  cache.get(keys.next()),
)

const OBJECT = { items: Array.from({ length: 100 }, (_, i) => `item ${i}`) }

function objects(name: string, options: CacheOptions): Side {
  return side(name, (stage) => {
    const cache = stage.emptyCache(options)
    const { keyNames, keys } = new Workload()
    cache.setMany(keyNames.map((key) => [key, OBJECT]))
    return { call: () => cache.get(keys.next()) }
  })
}

const FROZEN = objects('get of an object of a hundred items, frozen', {
  memory: { ...ROOMY, share: 'frozen' },
})

const LMDB_GET = side('get of lmdb-js', (stage) => {
  const database = lmdb!.open<string, string>({ path: stage.path('lmdb') })
  stage.use({ [Symbol.asyncDispose]: () => database.close() })
  const work = new Workload()
  for (const [key, value] of work.entries(SMALL.keys)) database.putSync(key, value)
  return { call: () => database.get(work.keys.next()) }
})

type Order = (keys: readonly string[]) => readonly string[]

const inTurn: Order = (keys) => keys

/** Drawn beforehand, since drawing takes as long as a read from memory. */
const byZipf: Order = (keys) => {
  const rank = zipfRanks(keys.length, 7)
  return Array.from({ length: MANY }, () => keys[rank()] ?? '')
}

/** Gets keys in an order, from a cache with the memory for a fourth of them. In turn, none is there still. */
function wantingMore(name: string, order: Order, withMemory: boolean): Side {
  return side(name, (stage) => {
    const memory = { maxBytes: Math.floor(bytesInMemory(stage) / 4) }
    const cache = stage.cache(withMemory ? { memory } : {})
    const keys = new Rotation(order(new Workload().keyNames))
    return { call: () => cache.get(keys.next()) }
  })
}

/** Returns the bytes that all entries of the workload take. */
function bytesInMemory(stage: Stage): number {
  const cache = stage.cache(HOT_OPTIONS)
  for (const key of new Workload().keyNames) cache.get(key)
  return cache.stats().memory?.bytes ?? 0
}

/** What another process has changed before each round: everything, or one key that nobody reads. */
type Changes = 'everything' | 'another'

/** Gets all keys once in a round. Another connection has the part of another process. */
function afterChanges(name: string, changes: Changes, options: CacheOptions): Side {
  return side(name, (stage) => {
    const cache = stage.cache(options)
    const writer = stage.use(new Cache(cache.directory))
    const { keys, values } = new Workload()
    const changed = changes === 'everything' ? keys.take(SMALL.keys) : ['another']
    const prepare = () => writer.setMany(changed.map((key) => [key, values.next()]))
    return { prepare, call: () => cache.get(keys.next()) }
  })
}

/** With each staleness, beside the same without memory. */
function besideWriter(name: string, changes: Changes, goal?: Goal): Comparison[] {
  const yardstick = afterChanges(`get ${name}`, changes, {})
  return [HOT_OPTIONS, FRESH_OPTIONS].map((options) => {
    const subject = afterChanges(`get ${name}, staleness ${options.memory.staleness}`, changes, options)
    return { subject, yardstick, calls: SMALL.keys, ...(goal && { goal }) }
  })
}

/** Reads from the memory of this process, beside those from a database. */
export const MEMORY: readonly Comparison[] = [
  { subject: HOT, yardstick: SELECT, goal: atMost(0.06), calls: MANY },
  {
    subject: HOT,
    yardstick: LMDB_GET,
    goal: atMost(0.25),
    calls: MANY,
    missing: lmdb === undefined ? 'lmdb is not installed' : undefined,
  },
  { subject: FROZEN, yardstick: SELECT, goal: atMost(0.06), calls: MANY },
  { subject: HOT_PROMISES, yardstick: SELECT, goal: atMost(0.25), calls: MANY },
  { subject: FRESH, yardstick: SELECT, goal: atMost(0.85) },
  {
    subject: wantingMore('get of keys of which a fourth fits, in turn', inTurn, true),
    yardstick: wantingMore('get of keys in turn', inTurn, false),
    goal: atMost(1.2),
  },
  {
    subject: wantingMore('get of keys of which a fourth fits, by Zipf’s law', byZipf, true),
    yardstick: wantingMore('get of keys by Zipf’s law', byZipf, false),
    goal: atMost(1.2),
  },
  ...besideWriter('of what another process has changed', 'everything', atMost(1.2)),
  ...besideWriter('of what is to be confirmed, since another key has changed', 'another'),
]
