import { type CacheOptions, resolveCacheOptions } from '@diskcache/cache'
import { checkNumber, checkOptions } from '@diskcache/core'
import { MAX_SHARDS } from './shard-count.ts'
import type { ShardsOptions } from './shards.ts'

/** The options of a `FanoutCache`: those of a `Cache`, for all shards together. */
export type FanoutOptions = CacheOptions & {
  /**
   * The number of caches that the entries are spread over, from 1 to 1,000, 8 unless given. It is fixed when the
   * directory is new; another number is an `ERR_DISKCACHE_SHARDS` later.
   */
  shards?: number | undefined
  /**
   * The longest time that a synchronous operation may wait for another process's write to one shard, in milliseconds,
   * 10 unless given. After it the operation is dropped.
   */
  timeout?: number | undefined
}

const DEFAULT_TIMEOUT = 10

/**
 * Completes options with their defaults; throws `TypeError` or `RangeError` that names an illegal option and its
 * value.
 */
export function resolveFanoutOptions(options: FanoutOptions): ShardsOptions {
  checkOptions('the options', options, Object.keys(options ?? {}))
  const { shards, timeout = DEFAULT_TIMEOUT, ...cache } = options
  if (shards !== undefined) checkNumber('shards', shards, { min: 1, max: MAX_SHARDS, integer: true })
  return { shards, cache: resolveCacheOptions({ ...cache, timeout }) }
}
