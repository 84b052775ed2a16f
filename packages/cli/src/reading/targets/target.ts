import type { AsyncStore, StoreListing } from '@diskcache/core'

/** What a command or the inspector looks into: a store that is open, and what it is. */
export interface Target {
  /** What it is: a directory of one cache, of a `FanoutCache`, or Redis. A `Deque` and an `Index` are directories of one cache. */
  readonly kind: 'cache' | 'fanout' | 'redis' | 'other'
  /** The real path of the directory, or the address of Redis without its password and with its prefix. */
  readonly name: string
  /** The entries. */
  readonly store: AsyncStore
  /** Whether nothing can be written through it. */
  readonly isReadonly: boolean
  /** What it tells of its entries. */
  readonly listing: StoreListing
  /** Closes the store, where it was opened for this. */
  close(): Promise<void>
}

/** How a target is opened. */
export interface TargetOptions {
  /** Whether it is only read; `false` unless given. */
  readonly readonly?: boolean
  /** The secrets of an encrypted directory, the newest first. Without them its values cannot be read. */
  readonly secrets?: readonly Uint8Array[]
}
