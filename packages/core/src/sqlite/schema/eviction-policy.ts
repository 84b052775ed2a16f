import { checkChoice, checkOptions } from '../../checks/argument-check.ts'

/** The policies that Python knows, by their names. `'none'` evicts nothing. */
export type NamedPolicy = 'least-recently-stored' | 'least-recently-used' | 'least-frequently-used' | 'none'

/**
 * The rule by which entries go first when the cache is larger than its size limit. `'s3-fifo'` keeps what is asked for
 * again, `'none'` evicts nothing.
 */
export type EvictionPolicy = NamedPolicy | 's3-fifo' | EvictionOrder

/**
 * A policy of an application's own: entries go in the order of a number that each of them has. Up to some thousand
 * entries those go that came first when it was looked last, a few evictions ago; above, those that come first among some
 * hundred.
 */
export interface EvictionOrder {
  /**
   * The number: when the entry was stored or read last, how often it was read, when it expires (entries that never do
   * come after all others), or the bytes that it takes on the disk.
   */
  readonly by: 'storeTime' | 'accessTime' | 'accessCount' | 'expireTime' | 'size'
  /** Whether those with the lowest number go first, or those with the highest. */
  readonly first: 'lowest' | 'highest'
}

/** The columns by which the policies with a name order entries; Python has an index for each of them. */
export type EvictionColumn = 'store_time' | 'access_time' | 'access_count'

/** The name that stands in Python's setting for an order, and the order of each name. */
const NAMES = {
  storeTime: 'least-recently-stored',
  accessTime: 'least-recently-used',
  accessCount: 'least-frequently-used',
  expireTime: 'least-recently-stored',
  size: 'least-recently-stored',
} as const satisfies Record<EvictionOrder['by'], NamedPolicy>

const NUMBERS = Object.keys(NAMES) as readonly EvictionOrder['by'][]

const ENDS = ['lowest', 'highest'] as const

const COLUMNS: Record<NamedPolicy, EvictionColumn | undefined> = {
  'least-recently-stored': 'store_time',
  'least-recently-used': 'access_time',
  'least-frequently-used': 'access_count',
  none: undefined,
}

const POLICIES = Object.keys(COLUMNS) as readonly NamedPolicy[]

/** All policies by name. */
const CHOICES = ['s3-fifo', ...POLICIES] as const

/** All orders, each as one object that stands for it, so that equal policies are the same. */
const ORDERS: readonly EvictionOrder[] = NUMBERS.flatMap((by) =>
  ENDS.map((first) => Object.freeze({ by, first })),
)

/** The policies that Python does not know. */
const OWN_POLICIES: readonly EvictionPolicy[] = ['s3-fifo', ...ORDERS]

/**
 * Returns a policy in the form in which equal ones are the same: an order that has a name as that name. Throws
 * `TypeError` or `RangeError` that names the setting for what is none.
 */
export function checkPolicy(policy: unknown): EvictionPolicy {
  if (typeof policy !== 'object' || policy === null)
    return checkChoice('evictionPolicy', policy, CHOICES, '{ by, first }')
  checkOptions('evictionPolicy', policy, ['by', 'first'])
  const { by, first } = policy as Partial<EvictionOrder>
  checkChoice('evictionPolicy.by', by, NUMBERS)
  checkChoice('evictionPolicy.first', first, ENDS)
  const order = ORDERS.find((order) => order.by === by && order.first === first) as EvictionOrder
  const hasName = first === 'lowest' && by !== 'expireTime' && by !== 'size'
  return hasName ? namedPolicy(order) : order
}

/** Returns the policy in Python's setting: one that Python knows, by which its own writes then evict. */
export function namedPolicy(policy: EvictionPolicy): NamedPolicy {
  if (policy === 's3-fifo') return 'least-recently-stored'
  return typeof policy === 'object' ? NAMES[policy.by] : policy
}

/** Returns the text of a policy that Python does not know, with the name beside which it is stored; `null` for others. */
export function ownPolicyToText(policy: EvictionPolicy): string | null {
  if (policy === 's3-fifo') return `${namedPolicy(policy)} ${policy}`
  return typeof policy === 'object' ? `${namedPolicy(policy)} ${policy.by} ${policy.first}` : null
}

/**
 * Returns the policy that this text says, or `undefined` for what a later version wrote, and when Python's setting is
 * not the one any more that it was stored with: then that holds.
 */
export function ownPolicyFromText(text: unknown, named: EvictionPolicy): EvictionPolicy | undefined {
  return OWN_POLICIES.find((policy) => namedPolicy(policy) === named && ownPolicyToText(policy) === text)
}

/** Returns the column of a policy that may have an index of Python or ours, or `undefined` where nothing is evicted. */
export function evictionColumn(policy: EvictionPolicy): EvictionColumn | undefined {
  return COLUMNS[namedPolicy(policy)]
}

/**
 * Returns whether the order of a policy needs an index, which makes every write dearer by half. Where entries go by
 * time there need be none: what was found to come first stays so until it is used, and one search serves many
 * evictions. By count, each new entry comes before all others.
 */
export function needsIndex(policy: EvictionPolicy): boolean {
  return policy === 'least-frequently-used'
}

/** Returns whether a new entry may come before all that were found to come first. */
export function isOvertaken(policy: EvictionPolicy): boolean {
  return typeof policy === 'object'
}

/** Returns whether reads must be noted for this policy. */
export function countsReads(policy: EvictionPolicy): boolean {
  if (policy === 's3-fifo') return true
  const column = evictionColumn(policy)
  return column === 'access_time' || column === 'access_count'
}

/** Returns whether an entry that is read stays the longer. */
export function sparesReadEntries(policy: EvictionPolicy): boolean {
  return typeof policy !== 'object' || policy.first === 'lowest'
}
