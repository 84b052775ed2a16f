import { type CacheOptions, resolveCacheOptions } from '@diskcache/cache'
import { checkNumber, checkOptions } from '@diskcache/core'
import { MAX_SHARDS } from './shard-count.ts'
import type { ShardsOptions } from './shards.ts'

/** The options of a `Cache`, for all shards together. */
export type FanoutOptions = CacheOptions & {
  /** Caches that the entries are spread over, 8. Fixed when the directory is new. */
  shards?: number | undefined
  /** How long a synchronous operation may wait for another process's write to one shard, in milliseconds, 10. */
  timeout?: number | undefined
}

const DEFAULT_TIMEOUT = 10

/** Completes options; throws `TypeError` or `RangeError` that names the option and the value. */
export function resolveFanoutOptions(options: FanoutOptions): ShardsOptions {
  checkOptions('the options', options, Object.keys(options ?? {}))
  const { shards, timeout = DEFAULT_TIMEOUT, ...cache } = options
  if (shards !== undefined) checkNumber('shards', shards, { min: 1, max: MAX_SHARDS, integer: true })
  return { shards, cache: resolveCacheOptions({ ...cache, timeout }) }
}
