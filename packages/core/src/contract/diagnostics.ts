import { channel } from 'node:diagnostics_channel'

/**
 * The channels of `node:diagnostics_channel` that tell what happens in a cache. Every message has `store`, the directory,
 * and `reason`. Without a listener no message is made.
 */

/** The channel `diskcache:get` tells of reads: `{ store, key, reason: 'hit' | 'miss' }`. */
export const getChannel = channel('diskcache:get')

/**
 * The channel `diskcache:set` tells of writes, after the commit: `{ store, key, reason: 'set', bytes }`, with about the
 * bytes of the value where it is written, and `{ store, key, reason: 'delete' }`.
 */
export const setChannel = channel('diskcache:set')

/**
 * The channel `diskcache:evict` tells of entries that went without being deleted one by one, after the commit, in the
 * process that removed them: `{ store, reason: 'expired' | 'evicted' | 'tag' | 'clear', count, keys }`. A key that is
 * damaged is not among the keys. Where all entries go at once without being visited, and by `RedisStore`, `keys` is left
 * out.
 */
export const evictChannel = channel('diskcache:evict')

/**
 * The channel `diskcache:lock` tells of locks.
 *
 * - `{ store, reason: 'wait', waited }`: an operation waited so many milliseconds for the lock of another process, or,
 *   with `key`, a recipe for another holder.
 * - `{ store, key, reason: 'dropped' }`: an operation was given up because other processes kept the lock.
 * - `{ store, key, reason: 'lost', error }`: the lease of a hold could not be kept.
 */
export const lockChannel = channel('diskcache:lock')

/** The channel `diskcache:error` tells of errors that no caller can be told: `{ store, reason: 'failed', error }`. */
export const errorChannel = channel('diskcache:error')

/**
 * The channel `diskcache:health` tells when a store is found to be away, busy or up again: `{ store, reason: 'away' |
 * 'busy' | 'up', error }`, with why it is not up; see `storeHealth`.
 */
export const healthChannel = channel('diskcache:health')

/**
 * The channel `diskcache:damage` tells of what was damaged, or taken away, and what became of it.
 *
 * - `{ store, reason: 'repaired', error }`: the database was mended, and nothing was lost.
 * - `{ store, reason: 'reset', error, copy, kept }`: the database was beyond repair and made anew in its place, with the
 *   `kept` entries that could be read; `copy` is the path of a copy of the old one, or `undefined` where that was too
 *   large.
 * - `{ store, key, reason: 'entry' }`: an entry, or an item of a queue or a deque, was damaged, and removed.
 * - `{ store, reason: 'replaced' }`: the files of the cache were removed, moved or replaced while it was open, and it goes
 *   on with what stands there now.
 */
export const damageChannel = channel('diskcache:damage')
