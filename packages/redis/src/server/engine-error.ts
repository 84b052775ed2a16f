import { DiskCacheError } from '@diskcache/core'

/** Replies after which the same command may be sent again: it was not carried out, and the state that says so passes. */
const PASSING = ['LOADING', 'BUSY', 'CLUSTERDOWN', 'MASTERDOWN', 'TRYAGAIN', 'READONLY', 'NOREPLICAS']

/** Whether the server could not do it now, and has not done it. */
export function isPassing(error: unknown): boolean {
  return PASSING.includes(replyCode(error))
}

/** The first word of an error that the server replied with, by which Redis tells errors apart. */
export function replyCode(error: unknown): string {
  return error instanceof Error ? (/^[A-Z]+/.exec(error.message)?.[0] ?? '') : ''
}

/** Whatever node-redis threw, as a `DiskCacheError` that has it as `cause`. */
export function engineError(error: unknown): unknown {
  if (error instanceof DiskCacheError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (replyCode(error) === 'OOM') {
    return new DiskCacheError('ERR_DISKCACHE_FULL', `Cannot write: Redis is full (${message})`, {
      cause: error,
    })
  }
  return new DiskCacheError('ERR_DISKCACHE_ENGINE', `Cannot use Redis: ${message}`, { cause: error })
}
