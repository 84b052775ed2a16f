import type { Column } from '@diskcache/core'
import type { PlannedValue, PreparedValue } from './prepared-value.ts'

/** What a command concerns, by which commands are kept in order: a key, or a name for something that has none, such as a queue. */
export interface OrderKey {
  readonly key: Column
  readonly form: number
}

/** The form of order keys that are no key of an entry. */
export const NO_KEY_FORM = -1

/**
 * A write whose arguments are checked and encoded, and which has not taken place yet. The synchronous face runs it at
 * once; the promise face keeps commands in order per order key, and runs many as one transaction.
 */
export interface Command<T> {
  readonly orderKeys: readonly OrderKey[]
  /** Values that are written to files, where they are large, before the lock is taken. */
  readonly values: readonly PlannedValue[]
  /** It writes nothing, and needs no lock. */
  readonly isRead?: boolean
  /** The result, where that can be told without the lock. */
  readonly shortcut?: () => { readonly result: T } | undefined
  /** Runs inside a transaction, with the prepared values, at `now` in seconds. */
  apply(prepared: readonly (PreparedValue | undefined)[], now: number): T
}
