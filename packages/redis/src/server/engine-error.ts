import { DiskCacheError } from '@diskcache/core'
import { ErrorReply } from 'redis'

/** Replies after which the same command may be sent again: it was not carried out, and the state that says so passes. */
const PASSING = ['LOADING', 'BUSY', 'CLUSTERDOWN', 'MASTERDOWN', 'TRYAGAIN', 'READONLY', 'NOREPLICAS']

/** The connection broke when a command was written and had no answer: the server may carry it out, or not. */
export class LostAnswer extends Error {
  constructor(cause: unknown) {
    super('The connection was lost before the answer came', { cause })
  }
}

/** Whether the server could not do it now, and has not done it. */
export function isPassing(error: unknown): boolean {
  return PASSING.includes(replyCode(error))
}

/** Whether the server did not reply, for whatever reason. */
export function isUnanswered(error: unknown): boolean {
  return !(error instanceof ErrorReply)
}

/** The first word of an error that the server replied with, by which Redis tells errors apart. */
export function replyCode(error: unknown): string {
  return error instanceof Error ? (/^[A-Z]+/.exec(error.message)?.[0] ?? '') : ''
}

/** For what was not sent, because there is no connection. */
export function connectError(cause: unknown): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_ENGINE', `Cannot connect to Redis: ${messageOf(cause)}`, { cause })
}

/** The server's time, of what it refused as too late. */
export function lateTime(error: unknown): number | undefined {
  const late = /^(?:ERR )?LATE (\d+)/.exec(error instanceof Error ? error.message : '')
  return late === null ? undefined : Number(late[1])
}

/** Whatever node-redis threw, as a `DiskCacheError` that has it as `cause`. */
export function engineError(error: unknown): unknown {
  if (error instanceof DiskCacheError) return error
  if (error instanceof LostAnswer) return engineError(error.cause)
  const message = messageOf(error)
  if (replyCode(error) === 'OOM') {
    return new DiskCacheError('ERR_DISKCACHE_FULL', `Cannot write: Redis is full (${message})`, {
      cause: error,
    })
  }
  return new DiskCacheError('ERR_DISKCACHE_ENGINE', `Cannot use Redis: ${message}`, { cause: error })
}

/** What Node says of a host with several addresses stands in the single errors. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
