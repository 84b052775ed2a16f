import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { atMost } from '../measuring/goal.ts'
import { databaseOf } from '../measuring/stage.ts'
import { SMALL, Workload } from '../measuring/workload.ts'
import { onCache, onCacheWith, SET } from './sides.ts'

const TAGS = ['products', 'shop:1', 'lang:de']
const OTHERS = ['products', 'shop:2', 'lang:en']

const onIndexed = onCacheWith({ tagIndex: true })

/** Each write has other tags than the one before, so that an index has to follow. */
function tagged(name: string, on: typeof onCache): Side {
  let count = 0
  return on(name, (cache, { keys, values }) =>
    cache.set(keys.next(), values.next(), { tag: count++ % 2 === 0 ? TAGS : OTHERS }),
  )
}

const untaggedWithIndex = onIndexed('set, with tagIndex', (cache, { keys, values }) =>
  cache.set(keys.next(), values.next()),
)

/** The keys of the whole are as long, and put together by the program. */
const byNamespace = side('get through a namespace', (stage) => {
  const cache = stage.emptyCache({})
  const [users, work] = [cache.namespace('users'), new Workload()]
  users.setMany(work.entries(SMALL.keys))
  return { call: () => users.get(work.keys.next()), database: databaseOf(cache) }
})

const byPrefix = side('get with a prefix', (stage) => {
  const cache = stage.emptyCache({})
  const work = new Workload()
  for (const [key, value] of work.entries(SMALL.keys)) cache.set(`users:${key}`, value)
  return { call: () => cache.get(`users:${work.keys.next()}`), database: databaseOf(cache) }
})

/** What tags, their index and namespaces cost an operation that has none of them. */
export const TAG_COMPARISONS: readonly Comparison[] = [
  { subject: tagged('set with three tags', onCache), yardstick: SET, goal: atMost(1.25) },
  { subject: tagged('set with three tags, with tagIndex', onIndexed), yardstick: SET, goal: atMost(4) },
  { subject: untaggedWithIndex, yardstick: SET },
  { subject: byNamespace, yardstick: byPrefix },
]
