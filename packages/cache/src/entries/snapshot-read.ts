import type { EncodedKey } from '@diskcache/core'
import type { CacheDirectory, EntryRow } from '@diskcache/core/sqlite'
import { DAMAGED } from './value-reader.ts'
import { isExpired } from './write-options.ts'

/** So often is a snapshot taken again; after that, what is missing counts as missing. */
const MAX_SNAPSHOT_ATTEMPTS = 100

/**
 * Many entries as of one moment. Their files are read after the moment, and one that is replaced meanwhile is gone; then
 * all of them are taken again, since the new value alone would belong to another moment.
 */
export class SnapshotRead {
  readonly #directory: CacheDirectory
  readonly #encodedKeys: readonly EncodedKey[]
  #rows: readonly (EntryRow | undefined)[] = []
  /** Files that were missing the last time. */
  #missing: ReadonlySet<string | null> = new Set()
  #attempts = 0

  constructor(directory: CacheDirectory, encodedKeys: readonly EncodedKey[]) {
    this.#directory = directory
    this.#encodedKeys = encodedKeys
  }

  /** The live rows of a new moment; `now` in seconds. */
  readRows(now: number): readonly (EntryRow | undefined)[] {
    const { connection, entries } = this.#directory
    const rows = connection.snapshot(() => entries.findMany(this.#encodedKeys))
    this.#attempts++
    this.#rows = rows.map((row) => (row === undefined || isExpired(row.expireTime, now) ? undefined : row))
    return this.#rows
  }

  /** Whether these are the values of the rows. A file that was missing the last time, too, is not coming back. */
  accepts(values: readonly unknown[]): boolean {
    const before = this.#missing
    const damaged = this.#rows.filter((_, i) => values[i] === DAMAGED)
    this.#missing = new Set(damaged.map((row) => row?.filename ?? null))
    if (this.#attempts === MAX_SNAPSHOT_ATTEMPTS) return true
    // A damaged value in the row itself is read with the row.
    return damaged.every((row) => row === undefined || row.filename === null || before.has(row.filename))
  }
}
