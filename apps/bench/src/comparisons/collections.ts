import type { Cache } from '@diskcache/cache'
import { Deque, Index } from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { SMALL, Workload } from '../measuring/workload.ts'
import { GET, onCacheWith, SET } from './sides.ts'

/** Items that a round adds, or takes. */
const calls = 1_000

/** Sets the keys of the workload first, as many as a collection or a cache of shards has then. */
function onFanout(name: string, call: (fanout: FanoutCache, work: Workload) => unknown): Side {
  return side(name, (stage) => {
    const fanout = stage.use(new FanoutCache(stage.path('fanout')))
    const work = new Workload()
    fanout.setMany(work.entries(SMALL.keys))
    return { call: () => call(fanout, work) }
  })
}

function onIndex(name: string, call: (index: Index<string, string>, work: Workload) => unknown): Side {
  return side(name, (stage) => {
    const work = new Workload()
    const entries = work.entries(SMALL.keys)
    const index = stage.use(new Index<string, string>(stage.path('index'), { entries }))
    return { call: () => call(index, work) }
  })
}

function onDeque(name: string, prepare: (deque: Deque) => void, call: (deque: Deque) => unknown): Side {
  return side(name, (stage) => {
    const deque = stage.use(new Deque(stage.path('deque')))
    return { call: () => call(deque), prepare: () => prepare(deque) }
  })
}

/** With the policy of a collection, so that what differs is only the collection itself. */
const onQueue = onCacheWith({ evictionPolicy: 'none' })

function fillDeque(deque: Deque): void {
  deque.clear()
  deque.extend(new Workload().values.take(calls))
}

function fillQueue(cache: Cache): void {
  cache.clear()
  cache.transact(() => {
    for (const value of new Workload().values.take(calls)) cache.push(value)
  })
}

const empty = (store: { clear(): void }) => store.clear()

const [item] = new Workload().values.take(1)

/** Hashing the key, or the class around the cache, beside the cache that the store consists of. */
export const COLLECTIONS: readonly Comparison[] = [
  { subject: onFanout('FanoutCache.get', (fanout, { keys }) => fanout.get(keys.next())), yardstick: GET },
  {
    subject: onFanout('FanoutCache.set', (fanout, { keys, values }) =>
      fanout.set(keys.next(), values.next()),
    ),
    yardstick: SET,
  },
  { subject: onIndex('Index.get', (index, { keys }) => index.get(keys.next())), yardstick: GET },
  {
    subject: onIndex('Index.set', (index, { keys, values }) => index.set(keys.next(), values.next())),
    yardstick: SET,
  },
  {
    subject: onDeque('Deque.append', empty, (deque) => deque.append(item)),
    yardstick: onQueue('Cache.push', (cache) => cache.push(item), empty),
    calls,
  },
  {
    subject: onDeque('Deque.popLeft', fillDeque, (deque) => deque.popLeft()),
    yardstick: onQueue('Cache.pull', (cache) => cache.pull(), fillQueue),
    calls,
  },
]
