import { checkRow, type Failure, isFailure, type Key, reviveError } from '@diskcache/core'

/** A computed result, as it stands in the store. */
export interface ResultRow<V = unknown> {
  readonly value: V
  /** How long the value took to compute, in milliseconds. */
  readonly delta: number
  /** When the value becomes stale, in epoch milliseconds; `null` for never. */
  readonly softExpiry: number | null
  /** The token of the lease under which the value was computed: different for every row. */
  readonly token: number
}

/**
 * A failure, as it stands in the store in the place of a result. Earlier versions take it for somebody else's row, as it
 * has no `delta`, and compute.
 */
export interface FailureRow {
  readonly failure: Failure
  /** When the failure is no longer given, in epoch milliseconds. */
  readonly softExpiry: number
  readonly token: number
}

/** What stands in the store for a key. */
export type KeptRow<V = unknown> = ResultRow<V> | FailureRow

/**
 * Returns what stands in the store for a key.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that something else has stored there
 */
export function checkKeptRow<V>(key: Key, found: unknown): KeptRow<V> {
  if (isFailure((found as Partial<FailureRow> | null)?.failure))
    return checkRow<FailureRow>(key, found, ['softExpiry', 'token'])
  return checkRow<ResultRow<V>>(key, found, ['delta', 'token'])
}

export function isFailed(row: KeptRow): row is FailureRow {
  return 'failure' in row
}

/** Returns the value, or throws the failure. */
export function valueOrThrow<V>(end: { readonly value: V } | { readonly failure: Failure }): V {
  if ('failure' in end) throw reviveError(end.failure)
  return end.value
}

/**
 * Tells whether the value should be computed anew: surely when it is stale, and early by chance, the more likely the
 * less time is left and the longer the computation takes. So of many callers about one begins early enough for nobody
 * to find a stale value.
 *
 * A. Vattani, F. Chierichetti, K. Lowenstein: Optimal Probabilistic Cache Stampede Prevention. PVLDB 8(8), 2015
 */
export function isDue(row: KeptRow, beta: number): boolean {
  if (isFailed(row) || row.softExpiry === null) return false
  const { delta, softExpiry } = row
  const left = softExpiry - Date.now()
  return left <= 0 || -delta * beta * Math.log(Math.random()) >= left
}

/** Tells whether the row is fresh. */
export function isFresh(row: KeptRow): boolean {
  return isAcceptable(row, 0)
}

/** Tells whether the row is fresh, or has a value that is stale for less than `staleFor` milliseconds. */
export function isAcceptable(row: KeptRow, staleFor: number): boolean {
  const { softExpiry } = row
  return softExpiry === null || Date.now() < softExpiry + (isFailed(row) ? 0 : staleFor)
}
