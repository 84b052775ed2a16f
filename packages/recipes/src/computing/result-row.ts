/** A computed result, as it stands in the store. */
export interface ResultRow<V = unknown> {
  readonly value: V
  /** How long it took to compute, in milliseconds. */
  readonly delta: number
  /** From when on it is stale, in epoch milliseconds; `null`: never. */
  readonly softExpiry: number | null
  /** The token of the lease under which it was computed: different for every row. */
  readonly token: number
}

/**
 * Whether it should be computed anew: surely when it is stale, and early by chance, the more likely the less time is
 * left and the longer it takes. So of many callers about one begins early enough for nobody to find a stale value.
 *
 * A. Vattani, F. Chierichetti, K. Lowenstein: Optimal Probabilistic Cache Stampede Prevention. PVLDB 8(8), 2015
 */
export function isDue({ delta, softExpiry }: ResultRow, beta: number): boolean {
  if (softExpiry === null) return false
  const left = softExpiry - Date.now()
  return left <= 0 || -delta * beta * Math.log(Math.random()) >= left
}

/** Whether it is not stale for longer than the caller accepts, in milliseconds. */
export function isAcceptable({ softExpiry }: ResultRow, staleFor: number): boolean {
  return softExpiry === null || Date.now() < softExpiry + staleFor
}
