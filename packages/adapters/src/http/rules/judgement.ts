import type { CacheRequest } from './cache-request.ts'
import { ageOf, freshnessLeft, isAhead, type Policy } from './policy.ts'

/**
 * The age in milliseconds up to which an answer counts as one of the application's own also for clients that want it
 * validated, so that reloads cannot be used to overload the application.
 */
const JUST_NOW = 1_000

/**
 * What may be done with a stored response: `'serve'` it, serve it while a newer one is fetched (`'revalidate'`), or
 * `'refuse'` it (RFC 9111, 4).
 */
export type Judgement = 'serve' | 'revalidate' | 'refuse'

export function judge(policy: Policy, request: CacheRequest, now: number): Judgement {
  if (policy.mustValidate || !isFor(policy, request)) return 'refuse'
  if (request.directives.has('no-store') || !isYoungEnough(policy, request, now)) return 'refuse'
  const left = freshnessLeft(policy, now)
  if (left > 0) return left >= milliseconds(request, 'min-fresh', 0) ? 'serve' : 'refuse'
  if (request.directives.has('min-fresh')) return 'refuse'
  if (policy.allowsMaxStale && -left <= maxStale(request)) return 'serve'
  return -left < policy.staleWhileRevalidate ? 'revalidate' : 'refuse'
}

/** Returns whether a response may be served since the application failed (RFC 5861, 4). */
export function isUsableOnError(policy: Policy, request: CacheRequest, now: number): boolean {
  if (policy.mustValidate || !isFor(policy, request)) return false
  return -freshnessLeft(policy, now) < policy.staleIfError
}

/** Returns whether a response may be served once the application has said that it is still right (RFC 9111, 4.3). */
export function isUsableIfValid(policy: Policy, request: CacheRequest): boolean {
  return policy.isValidatable === true && isFor(policy, request)
}

/** Returns whether a request that says who asks may have the response (RFC 9111, 3.5). */
function isFor({ isShared }: Policy, { identity }: CacheRequest): boolean {
  return identity === undefined || isShared
}

/** Returns whether `max-age` and `no-cache` of the request allow the response (RFC 9111, 5.2.1.1 and 5.2.1.4). */
function isYoungEnough(policy: Policy, request: CacheRequest, now: number): boolean {
  const isNew = policy.requestedAt >= request.time - JUST_NOW && !isAhead(policy.receivedAt, now)
  if (isNew) return true
  return (
    !request.directives.has('no-cache') && ageOf(policy, now) <= milliseconds(request, 'max-age', Infinity)
  )
}

/**
 * Returns for how many milliseconds a stale response is accepted: without an argument, however stale (RFC 9111,
 * 5.2.1.2).
 */
function maxStale({ directives }: CacheRequest): number {
  if (!directives.has('max-stale')) return -1
  return (directives.seconds('max-stale') ?? Infinity) * 1_000
}

function milliseconds({ directives }: CacheRequest, name: string, absent: number): number {
  const seconds = directives.seconds(name)
  return seconds === undefined ? absent : seconds * 1_000
}
