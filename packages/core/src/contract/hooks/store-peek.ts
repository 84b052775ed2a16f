import type { Entry } from '../entry.ts'
import type { ValueKind } from './store-listing.ts'

/**
 * The name under which a store tells of entries without fetching their values, the same in all copies of this package: a
 * function of keys that resolves to a {@link PeekedEntry} for each, in their order, `undefined` for one that is not there.
 * A store with a listing needs none.
 */
export const STORE_PEEK: unique symbol = Symbol.for('diskcache.storePeek')

/** What is known of an entry without its value. */
export interface PeekedEntry extends Omit<Entry<unknown>, 'value'> {
  /** What the value is; `unknown` for an entry that is damaged. */
  readonly kind: ValueKind
  /** The bytes of the value as it is stored. */
  readonly bytes: number
  /** Whether the value stands apart from its entry, in pieces, and can be read as a stream where it is text or bytes. */
  readonly isApart: boolean
}
