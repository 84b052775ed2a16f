import type { CacheOptions } from '@diskcache/cache'
import { type Side, side } from '../measuring/comparison.ts'
import { databaseOf, type Stage } from '../measuring/stage.ts'
import { Workload } from '../measuring/workload.ts'

export const HOUR = 3_600_000

/** A call on a store, and what restores, outside the timing, what calls use up. */
type Act<S> = (store: S, work: Workload) => unknown

/** Makes calls on a store that `open` opens with all keys. */
function onStore<S>(open: (stage: Stage) => S, fileOf: (store: S) => string) {
  return (name: string, call: Act<S>, prepare: Act<S> = () => {}): Side =>
    side(name, (stage) => {
      const store = open(stage)
      const work = new Workload()
      return { call: () => call(store, work), prepare: () => prepare(store, work), database: fileOf(store) }
    })
}

export function onCacheWith(options: CacheOptions) {
  return onStore((stage) => stage.cache(options), databaseOf)
}

export const onCache = onCacheWith({})

export const onBare = onStore(
  (stage) => stage.bare(),
  ({ file }) => file,
)

export const SELECT = onBare('SELECT', (bare, { keys }) => bare.select(keys.next()))

export const UPSERT = onBare('upsert', (bare, { keys, values }) => bare.upsert(keys.next(), values.next()))

/** As many in one transaction as one call of the subject writes: the same commits, the same pages. */
export function upserts(count: number): Side {
  return onBare('upsert in a transaction of as many', (bare, work) => bare.upsertAll(work.entries(count)))
}

export const GET = onCache('get', (cache, { keys }) => cache.get(keys.next()))

export const SET = onCache('set', (cache, { keys, values }) => cache.set(keys.next(), values.next()))
