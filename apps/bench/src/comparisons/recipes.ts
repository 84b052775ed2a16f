import type { Cache } from '@diskcache/cache'
import { BloomFilter, Lock, memoizeStampede, RollingCounter, TokenBucket, throttle } from '@diskcache/recipes'
import { type Comparison, side } from '../measuring/comparison.ts'
import { databaseOf } from '../measuring/stage.ts'
import { Workload } from '../measuring/workload.ts'
import { HOUR, onCache } from './sides.ts'

/** So much that nobody ever waits; and no more, so that the bucket is never full again either. */
const RATE = { count: 1e7, per: 1e7 }

const UPDATE = onCache('promises.update', (cache, { values }) =>
  cache.promises.update('row', () => ({ set: values.next() })),
)

const INCR = onCache('promises.incr', (cache) => cache.promises.incr('count'))

const GET = onCache('promises.get', (cache, { keys }) => cache.promises.get(keys.next()))

/** A recipe that writes a row, each time another value, beside an update that does; or one that reads, beside a read. */
function recipe(name: string, prepare: (cache: Cache) => () => unknown, yardstick = UPDATE): Comparison {
  const subject = side(name, (stage) => {
    const cache = stage.cache()
    return { call: prepare(cache), database: databaseOf(cache) }
  })
  return { subject, yardstick, calls: 500 }
}

function holdLock(cache: Cache): () => Promise<void> {
  const lock = new Lock(cache, 'key')
  return () => lock.run(() => {})
}

function takeToken(cache: Cache): () => Promise<unknown> {
  const bucket = new TokenBucket(cache, { name: 'bucket', ...RATE })
  return () => bucket.tryTake()
}

function countEvent(cache: Cache): () => Promise<number> {
  const counter = new RollingCounter(cache, { name: 'visits', period: 'hour', keep: 24 })
  return () => counter.incr('page')
}

function countThere(cache: Cache): () => Promise<number> {
  const counter = new RollingCounter(cache, { name: 'visits', period: 'hour', keep: 24 })
  return () => counter.count('page', { last: 24 })
}

/** So many that each value is new. */
function filterOf(cache: Cache): BloomFilter {
  return new BloomFilter(cache, { name: 'seen', capacity: 1_000_000, errorRate: 0.01 })
}

function addToFilter(cache: Cache): () => Promise<boolean> {
  const filter = filterOf(cache)
  let count = 0
  return () => filter.add(`value ${count++}`)
}

function askFilter(cache: Cache): () => Promise<boolean> {
  const filter = filterOf(cache)
  const values = Array.from({ length: 1_000 }, (_, i) => `value ${i}`)
  const added = filter.addMany(values)
  let asked = 0
  return async () => {
    await added
    return filter.has(values[asked++ % values.length] as string)
  }
}

/** Each key is computed in the first round, which is not measured. */
function callMemoized(cache: Cache): () => Promise<unknown> {
  const { keys, values } = new Workload()
  const fn = memoizeStampede(cache, async (_: string) => values.next(), { name: 'fn', ttl: HOUR })
  return () => fn(keys.next())
}

/** Locks, rates, counts, filters and computed values, beside the operations of the store that they are made of. */
export const RECIPES: readonly Comparison[] = [
  recipe('Lock, acquired and released', holdLock),
  recipe('TokenBucket.tryTake', takeToken),
  recipe('throttle, a call that need not wait', (cache) =>
    throttle(cache, () => {}, { name: 'fn', ...RATE }),
  ),
  recipe('RollingCounter.incr', countEvent, INCR),
  recipe('RollingCounter.count', countThere, INCR),
  recipe('BloomFilter.add, a new value', addToFilter),
  recipe('BloomFilter.has', askFilter, GET),
  recipe('memoizeStampede, fresh', callMemoized, GET),
]
