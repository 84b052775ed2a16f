/** The error of a hold whose lock is lost. */
export const LOST = { code: 'ERR_DISKCACHE_LOCK_LOST' }

/** The error of a caller that waited for longer than its `timeout`. */
export const TIMEOUT = { code: 'ERR_DISKCACHE_LOCK_TIMEOUT' }
