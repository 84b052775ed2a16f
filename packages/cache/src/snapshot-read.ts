import type { CacheDirectory, EntryRow, KeyColumns } from '@diskcache/core'
import { DAMAGED } from './value-reader.ts'
import { isExpired } from './write-options.ts'

/** So often is a snapshot taken again; after that, what is missing counts as missing. */
const MAX_ATTEMPTS = 100

/**
 * Many entries as of one moment. Their files are read after the moment, and one that is replaced meanwhile is gone; then
 * all of them are taken again, since the new value alone would belong to another moment.
 */
export class SnapshotRead {
  readonly #directory: CacheDirectory
  readonly #columns: readonly KeyColumns[]
  #rows: readonly (EntryRow | undefined)[] = []
  #previous: readonly (EntryRow | undefined)[] = []
  #attempts = 0

  constructor(directory: CacheDirectory, columns: readonly KeyColumns[]) {
    this.#directory = directory
    this.#columns = columns
  }

  /** The live rows of a new moment; `now` in seconds. */
  take(now: number): readonly (EntryRow | undefined)[] {
    const { connection, entries } = this.#directory
    const rows = connection.snapshot(() => this.#columns.map((key) => entries.find(key)))
    this.#attempts++
    this.#previous = this.#rows
    this.#rows = rows.map((row) => (row === undefined || isExpired(row.expireTime, now) ? undefined : row))
    return this.#rows
  }

  /** Whether these are the values of the rows. A file that was missing the last time, too, is not coming back. */
  accepts(values: readonly unknown[]): boolean {
    if (this.#attempts === MAX_ATTEMPTS) return true
    return values.every(
      (value, i) => value !== DAMAGED || this.#rows[i]?.filename === this.#previous[i]?.filename,
    )
  }
}
