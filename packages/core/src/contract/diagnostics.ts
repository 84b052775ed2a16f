import { channel } from 'node:diagnostics_channel'

/**
 * What happens in a cache, for whoever listens with `node:diagnostics_channel`. Every message has `store`, the directory,
 * and `reason`. Without a listener nothing is made or sent.
 */

/** `{ store, key, reason: 'hit' | 'miss' }` */
export const getChannel = channel('diskcache:get')

/** `{ store, key, reason: 'set' | 'delete' }`, after the commit. */
export const setChannel = channel('diskcache:set')

/** `{ store, reason: 'expired' | 'evicted' | 'tag' | 'clear', count }` */
export const evictChannel = channel('diskcache:evict')

/**
 * `{ store, reason: 'wait', waited }`: milliseconds that an operation waited for another process's lock, or, with `key`,
 * that a recipe waited for another holder. `{ store, key, reason: 'dropped' }`: an operation was given up for want of a
 * lock. `{ store, key, reason: 'lost', error }`: the lease of a hold could not be kept.
 */
export const lockChannel = channel('diskcache:lock')

/** `{ store, reason: 'failed', error }`: what nobody could be told otherwise. */
export const errorChannel = channel('diskcache:error')
