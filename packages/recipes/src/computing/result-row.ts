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
 * Tells whether the value should be computed anew: surely when it is stale, and early by chance, the more likely the
 * less time is left and the longer the computation takes. So of many callers about one begins early enough for nobody
 * to find a stale value.
 *
 * A. Vattani, F. Chierichetti, K. Lowenstein: Optimal Probabilistic Cache Stampede Prevention. PVLDB 8(8), 2015
 */
export function isDue({ delta, softExpiry }: ResultRow, beta: number): boolean {
  if (softExpiry === null) return false
  const left = softExpiry - Date.now()
  return left <= 0 || -delta * beta * Math.log(Math.random()) >= left
}

/** Tells whether the value is fresh. */
export function isFresh(row: ResultRow): boolean {
  return isAcceptable(row, 0)
}

/** Tells whether the value is fresh, or stale for less than `staleFor` milliseconds. */
export function isAcceptable({ softExpiry }: ResultRow, staleFor: number): boolean {
  return softExpiry === null || Date.now() < softExpiry + staleFor
}
