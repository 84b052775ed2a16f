import type { Column } from '@diskcache/core'

/**
 * An order key: what a command concerns, and by which commands are kept in order. It is an encoded key, or a name for
 * something that has none, such as a queue.
 */
export interface OrderKey {
  readonly key: Column
  readonly form: number
}

/** The form of order keys that are no key of an entry. */
export const NO_KEY_FORM = -1
