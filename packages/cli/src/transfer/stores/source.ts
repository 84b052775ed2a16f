import type { AsyncStore, ListedEntry, ListPlace, Tag } from '@diskcache/core'
import type { HeaderSource } from '../lines/frame-lines.ts'

/** Some entries of a source, in its order. */
export interface SourcePage {
  readonly entries: readonly ListedEntry[]
  /** The number of all entries, about. */
  readonly total: number
}

/** What an export reads. */
export interface Source {
  /** What the first line says of it. */
  readonly about: HeaderSource
  /** Whether its entries have an order, in which an export can go on. */
  readonly isOrdered: boolean
  /** The entries, by a `storedDisk`. */
  readonly store: AsyncStore
  /** The same entries as streams. */
  readonly streams: Pick<AsyncStore, 'readEntry'>
  /** Gives all entries that have a tag, or all, after a place, in the order of their insertion. */
  pages(tag: Tag | undefined, after: ListPlace | undefined): AsyncGenerator<SourcePage, void, void>
  /** Resolves to an entry as it is now, or to `undefined` when it is gone. */
  again(listed: ListedEntry): Promise<ListedEntry | undefined>
  /** Closes the store. */
  close(): Promise<void>
}
