/** Which entries go first when the cache is full. */
export type EvictionPolicy =
  | 'least-recently-stored'
  | 'least-recently-used'
  | 'least-frequently-used'
  | 'none'

/** The column that a policy orders by. */
export type EvictionColumn = 'store_time' | 'access_time' | 'access_count'

const COLUMNS: Record<EvictionPolicy, EvictionColumn | undefined> = {
  'least-recently-stored': 'store_time',
  'least-recently-used': 'access_time',
  'least-frequently-used': 'access_count',
  none: undefined,
}

export const EVICTION_POLICIES = Object.keys(COLUMNS) as readonly EvictionPolicy[]

/** `undefined` for the policy `none`, which evicts nothing. */
export function evictionColumn(policy: EvictionPolicy): EvictionColumn | undefined {
  return COLUMNS[policy]
}

/** Whether reads must be noted for this policy. */
export function countsReads(policy: EvictionPolicy): boolean {
  return policy === 'least-recently-used' || policy === 'least-frequently-used'
}
