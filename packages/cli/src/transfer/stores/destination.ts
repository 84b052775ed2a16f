import type { AsyncStore, SET_WITH_METADATA, SetWithMetadata } from '@diskcache/core'

/** What an import writes to. */
export interface Destination {
  /** Its real path or address, by which it is known again. */
  readonly name: string
  /** The name of its codec. */
  readonly codec: string
  /** The entries, by a `storedDisk`. */
  readonly store: AsyncStore & { readonly [SET_WITH_METADATA]: SetWithMetadata }
  /** Runs `write` with a time, in epoch milliseconds, that it has throughout: an expiry comes out as it was given. */
  atOnce(write: (now: number) => Promise<void>): Promise<void>
  /** Returns how many entries were evicted so far, since there was no room for all. */
  evicted(): number
  /** Closes the store. */
  close(): Promise<void>
}
