import type { Cache } from '@diskcache/cache'
import { barrier, type GetOrSetOptions, getOrSet } from '@diskcache/recipes'

/** Slow, and wanted by everybody. */
export type Work = () => Promise<string>

/** A way to call the work through the cache. */
export interface Strategy {
  readonly name: string
  /** `ttl` in milliseconds. */
  prepare(cache: Cache, work: Work, ttl: number): Work
}

/** Milliseconds; longer than any pause of a machine. */
const STALE_FOR = 10_000

const noCache: Strategy = { name: 'no cache', prepare: (_cache, work) => work }

const memoize: Strategy = {
  name: 'memoize',
  prepare: (cache, work, ttl) => cache.memoize(work, { name: 'work', ttl }),
}

/** Looks, and looks again once it has the lock: what python-diskcache offered before it knew better. */
const memoizeAndBarrier: Strategy = {
  name: 'memoize and barrier',
  prepare(cache, work, ttl) {
    const memoized = cache.memoize(work, { name: 'work', ttl })
    const guarded = barrier(cache, memoized, { name: 'work' })
    const key = memoized.cacheKey()
    return async () => (cache.get(key) as string | undefined) ?? guarded()
  },
}

function early(name: string, options: GetOrSetOptions): Strategy {
  return {
    name: `getOrSet, ${name}`,
    prepare: (cache, work, ttl) => () => getOrSet(cache, 'work', work, { ttl, ...options }),
  }
}

const BETAS = [1, 0.5, 0.3]

const withBeta = BETAS.map((beta) => early(`beta ${beta}`, { beta }))

const withStale = BETAS.map((beta) => early(`beta ${beta}, staleFor`, { beta, staleFor: STALE_FOR }))

/** Those of the landing page, in the order of the chart: three in a row. */
export const STRATEGIES: readonly Strategy[] = [
  noCache,
  memoize,
  memoizeAndBarrier,
  ...withBeta,
  ...withStale,
]

/** Those that a crowd tries. */
export const CROWD_STRATEGIES: readonly Strategy[] = [memoize, memoizeAndBarrier, withBeta[0]!, withStale[0]!]
