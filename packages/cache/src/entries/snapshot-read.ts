import type { EncodedKey } from '@diskcache/core'
import type { CacheDirectory, EntryRow } from '@diskcache/core/sqlite'
import { DAMAGED } from './value-reader.ts'
import { isExpired } from './write-options.ts'

/** The number of snapshots that are taken at most. After the last, what is missing counts as missing. */
const MAX_SNAPSHOT_ATTEMPTS = 100

/**
 * Reads many entries as of one moment. Their files are read after the moment, and one that is replaced meanwhile is
 * gone; then all entries are read again, since the new value alone would belong to another moment.
 */
export class SnapshotRead {
  readonly #directory: CacheDirectory
  readonly #encodedKeys: readonly EncodedKey[]
  #rows: readonly (EntryRow | undefined)[] = []
  /** The files that were missing the last time. */
  #missing: ReadonlySet<string | null> = new Set()
  #attempts = 0

  constructor(directory: CacheDirectory, encodedKeys: readonly EncodedKey[]) {
    this.#directory = directory
    this.#encodedKeys = encodedKeys
  }

  /** Returns the live rows of a new moment. `now` is in seconds. */
  readRows(now: number): readonly (EntryRow | undefined)[] {
    const { connection, entries } = this.#directory
    const rows = connection.snapshot(() => entries.findMany(this.#encodedKeys))
    this.#attempts++
    this.#rows = rows.map((row) => (row === undefined || isExpired(row.expireTime, now) ? undefined : row))
    return this.#rows
  }

  /**
   * Returns whether these are the values of the rows. A file that was missing the last time, too, is not coming back.
   */
  accepts(values: readonly unknown[]): boolean {
    const before = this.#missing
    const damaged = this.#rows.filter((_, i) => values[i] === DAMAGED)
    this.#missing = new Set(damaged.map((row) => row?.filename ?? null))
    if (this.#attempts === MAX_SNAPSHOT_ATTEMPTS) return true
    // What is damaged in the row itself was read with the row, and will not get better.
    return damaged.every((row) => row === undefined || row.filename === null || before.has(row.filename))
  }
}
