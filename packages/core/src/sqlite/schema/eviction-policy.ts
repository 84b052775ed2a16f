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

/**
 * Whether there must be an index of the column for its order to be kept. It would make every write dearer by half. Where
 * entries go by time there need be none: what was found to come first stays so until it is used, and one search serves
 * many evictions. By count, each new entry comes before all others.
 */
export function needsIndex(column: EvictionColumn): boolean {
  return column === 'access_count'
}

/** Whether reads must be noted for this policy. */
export function countsReads(policy: EvictionPolicy): boolean {
  return policy === 'least-recently-used' || policy === 'least-frequently-used'
}
