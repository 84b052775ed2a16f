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

/** Looks, and looks again once it has the lock: what python-diskcache offered before it knew better. */
function barred(cache: Cache, work: Work, ttl: number): Work {
  const memoized = cache.memoize(work, { name: 'work', ttl })
  const guarded = barrier(cache, memoized, { name: 'work' })
  const key = memoized.cacheKey()
  return async () => (cache.get(key) as string | undefined) ?? guarded()
}

function early(name: string, options: GetOrSetOptions): Strategy {
  return {
    name: `getOrSet, ${name}`,
    prepare: (cache, work, ttl) => () => getOrSet(cache, 'work', work, { ttl, ...options }),
  }
}

const BETAS = [1, 0.5, 0.3]

/** Those of the landing page, in the order of the chart: three in a row. */
export const STRATEGIES: readonly Strategy[] = [
  { name: 'no cache', prepare: (_cache, work) => work },
  { name: 'memoize', prepare: (cache, work, ttl) => cache.memoize(work, { name: 'work', ttl }) },
  { name: 'memoize and barrier', prepare: barred },
  ...BETAS.map((beta) => early(`beta ${beta}`, { beta })),
  ...BETAS.map((beta) => early(`beta ${beta}, staleFor`, { beta, staleFor: STALE_FOR })),
]

/** Those that a crowd tries. */
export const CROWD_STRATEGIES: readonly Strategy[] = [1, 2, 3, 6].map((i) => STRATEGIES[i]!)
