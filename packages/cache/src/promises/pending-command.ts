import type { LockRetry } from '@diskcache/core/sqlite'
import type { Command } from '../entries/command.ts'
import type { PreparedValue } from '../entries/prepared-value.ts'

/** What stands for an order key: something else for each. */
export type OrderId = string | number

/** Something that was asked for and has not happened yet. */
interface Pending {
  /** The ids of its order keys; `undefined`: it concerns everything, and runs alone. */
  readonly orderIds: readonly OrderId[] | undefined
  readonly signal: AbortSignal | undefined
  readonly reject: (reason: unknown) => void
}

/** A command that waits for its turn. */
export interface PendingCommand extends Pending {
  readonly orderIds: readonly OrderId[]
  readonly command: Command<unknown>
  readonly resolve: (result: unknown) => void
  /** `undefined` while its files are being written. */
  prepared: readonly (PreparedValue | undefined)[] | undefined
  /** Its wait for the lock, once that has begun. */
  retry: LockRetry | undefined
  /** Whether it runs in a transaction of its own: one with others failed, and nobody knows by whose fault. */
  isAlone: boolean
  /** How often it failed because the disk is full. */
  fullDisks: number
}

/** A task that waits for everything before it, and for which everything after it waits. */
export interface PendingBarrier extends Pending {
  readonly orderIds: undefined
  readonly run: () => Promise<void>
  /** Whether it is under way, and heeds its signal itself. */
  hasBegun: boolean
}
