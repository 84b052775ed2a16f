import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'

export const SHARDS = 2
/** Every fifth value stands in a file. */
export const MIN_FILE_SIZE = 2_000
/** The lease of the lock, in milliseconds. */
export const LEASE = 1_000
/** Before the codes of errors of a queue. */
export const QUEUE_ERROR = 'queue: '

export function openVanishing(directory: string, isSharded: boolean): Cache | FanoutCache {
  const options = { minFileSize: MIN_FILE_SIZE, timeout: 1_000, asyncTimeout: 2_000 }
  return isSharded
    ? new FanoutCache(directory, { ...options, shards: SHARDS })
    : new Cache(directory, options)
}
