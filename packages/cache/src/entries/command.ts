import type { OrderKey } from '../context/order-key.ts'
import type { PlannedValue, PreparedSet, PreparedValue } from './prepared-value.ts'

/**
 * A command: a write whose arguments are checked and encoded, and which has not taken place yet. The synchronous face
 * runs a command at once; the promise face keeps commands in order per order key, and runs many as one transaction.
 */
export interface Command<T> {
  /** The order keys of all that the command concerns. */
  readonly orderKeys: readonly OrderKey[]
  /** The planned values, which are prepared before the lock is taken: large ones are written to files. */
  readonly values: readonly PlannedValue[]
  /**
   * Whether the command gives its keys new values, so that the old ones must not be read after it failed on a full
   * disk; `false` unless given.
   */
  readonly isReplacement?: boolean
  /** Whether the command writes nothing, and needs no lock; `false` unless given. */
  readonly isRead?: boolean
  /** Returns the result, where that can be told without the lock. */
  readonly shortcut?: () => { readonly result: T } | undefined
  /** What the command sets, where it does nothing else, so that many can be set together. */
  readonly sets?: Omit<PreparedSet, 'prepared'>
  /** Carries the command out, inside a transaction, with the prepared values, at `now` in seconds. */
  apply(prepared: readonly (PreparedValue | undefined)[], now: number): T
}
