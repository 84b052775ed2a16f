import { checkNumber, quote } from '@diskcache/core'
import { MAX_SECONDS } from '../fields/cache-control.ts'
import type { DefaultFreshness } from '../rules/policy.ts'
import type { ResponseView } from '../rules/response-view.ts'

export interface FreshnessOptions<Req, Res> {
  readonly ttl?: number | ((response: ResponseView, req: Req, res: Res) => number | undefined) | undefined
  readonly staleWhileRevalidate?: number | undefined
  readonly staleIfError?: number | undefined
}

/** Returns the freshness of a response that says nothing about it. */
export type FreshnessOf<Req, Res> = (response: () => ResponseView, req: Req, res: Res) => DefaultFreshness

/** For ever, in milliseconds. */
const FOR_EVER_MS = MAX_SECONDS * 1_000

/** Completes the options on freshness. */
export function freshnessOf<Req, Res>({
  ttl,
  staleWhileRevalidate = 0,
  staleIfError = 0,
}: FreshnessOptions<Req, Res>): FreshnessOf<Req, Res> {
  if (ttl !== undefined && typeof ttl !== 'function')
    checkNumber('ttl', ttl, { min: 1, infinity: true, kinds: 'a number or a function' })
  checkNumber('staleWhileRevalidate', staleWhileRevalidate, { min: 0 })
  checkNumber('staleIfError', staleIfError, { min: 0 })
  if (ttl === undefined && staleWhileRevalidate + staleIfError > 0) {
    const name = staleWhileRevalidate > 0 ? 'staleWhileRevalidate' : 'staleIfError'
    throw new TypeError(
      `Cannot use ${name} without ttl: both are for responses that say nothing; let others say it in Cache-Control`,
    )
  }
  const stale = { staleWhileRevalidate, staleIfError }
  if (typeof ttl !== 'function') {
    const freshness = { ttl: ttl && Math.min(ttl, FOR_EVER_MS), ...stale, isForAnyStatus: false }
    return () => freshness
  }
  return (response, req, res) => ({
    ttl: checkTtl(ttl(response(), req, res)),
    ...stale,
    isForAnyStatus: true,
  })
}

function checkTtl(ttl: number | undefined): number | undefined {
  if (ttl === undefined || ttl === 0) return undefined
  if (typeof ttl === 'number' && ttl > 0) return Math.min(ttl, FOR_EVER_MS)
  throw new TypeError(`Cannot use ttl: expected a number of milliseconds or undefined, got ${quote(ttl)}`)
}
