/** The rule by which entries go first when the cache is larger than its size limit. `'none'` evicts nothing. */
export type EvictionPolicy =
  | 'least-recently-stored'
  | 'least-recently-used'
  | 'least-frequently-used'
  | 'none'

/** The column by which a policy orders entries. */
export type EvictionColumn = 'store_time' | 'access_time' | 'access_count'

const COLUMNS: Record<EvictionPolicy, EvictionColumn | undefined> = {
  'least-recently-stored': 'store_time',
  'least-recently-used': 'access_time',
  'least-frequently-used': 'access_count',
  none: undefined,
}

export const EVICTION_POLICIES = Object.keys(COLUMNS) as readonly EvictionPolicy[]

/** Returns the column by which a policy orders entries, or `undefined` for `none`, which evicts nothing. */
export function evictionColumn(policy: EvictionPolicy): EvictionColumn | undefined {
  return COLUMNS[policy]
}

/**
 * Returns whether the order of the column needs an index, which makes every write dearer by half. Where entries go by
 * time there need be none: what was found to come first stays so until it is used, and one search serves many
 * evictions. By count, each new entry comes before all others.
 */
export function needsIndex(column: EvictionColumn): boolean {
  return column === 'access_count'
}

/** Returns whether reads must be noted for this policy. */
export function countsReads(policy: EvictionPolicy): boolean {
  return policy === 'least-recently-used' || policy === 'least-frequently-used'
}
