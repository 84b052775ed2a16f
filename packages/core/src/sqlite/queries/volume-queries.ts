import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'

/** What value files are together. */
export interface FileTotals {
  /** The number of files. */
  readonly files: number
  /** Their lengths, in bytes. */
  readonly bytes: number
  /** The bytes by which the blocks that they fill are more than their lengths. */
  readonly waste: number
  /** The number of directories that they stand in. */
  readonly directories: number
}

/** The size of a block of the file system, in bytes, in which nearly all of them give space to files. */
const BLOCK = 4_096

/** The number of files up to which all of them are looked at, which takes a few milliseconds. */
const EXACT_FILES = 4_096

/** The number of places at which a sample looks, and of files that it looks at from there on. */
const PLACES = 64
const FILES_AT_A_PLACE = 16

const WASTE = `(-size & ${BLOCK - 1})`

const TOTALS = `
  SELECT COUNT(*) AS files, COALESCE(SUM(size), 0) AS bytes, COALESCE(SUM(${WASTE}), 0) AS waste,
    COUNT(DISTINCT substr(filename, 1, 5)) AS directories
  FROM (SELECT filename, size FROM Cache WHERE filename IS NOT NULL LIMIT ${EXACT_FILES + 1})`

/** Names are random, and so is what stands behind a random one. */
const AT_A_PLACE = `
  SELECT COUNT(*) AS files, COALESCE(SUM(size), 0) AS bytes, COALESCE(SUM(${WASTE}), 0) AS waste,
    COUNT(DISTINCT substr(filename, 1, 5)) AS directories
  FROM (SELECT filename, size FROM Cache WHERE filename > ? ORDER BY filename LIMIT ${FILES_AT_A_PLACE})`

const FILES = 'SELECT COUNT(*) AS files FROM Cache WHERE filename IS NOT NULL'

const SIZE = 'SELECT COALESCE(SUM(size), 0) AS value FROM Cache WHERE filename IS NOT NULL'

const COUNT = 'SELECT COUNT(*) AS value FROM Cache'

const EXTENT = 'SELECT (SELECT MAX(rowid) FROM Cache) - (SELECT MIN(rowid) FROM Cache) + 1 AS rows'

type Row<Names extends string> = Record<Names, bigint>

/** What the pages and files of a cache fill. */
export class VolumeQueries {
  readonly #pageCount: Query<Row<'page_count'>>
  readonly #freePages: Query<Row<'freelist_count'>>
  readonly #pageSize: Query<Row<'page_size'>>
  readonly #totals: Query<Row<keyof FileTotals>>
  readonly #atPlace: Query<Row<keyof FileTotals>>
  readonly #files: Query<Row<'files'>>
  readonly #size: Query<{ value: bigint | number }>
  readonly #count: Query<Row<'value'>>
  readonly #extent: Query<{ rows: bigint | null }>
  #pageBytes: number | undefined

  constructor(connection: Connection) {
    this.#pageCount = connection.query('PRAGMA page_count')
    this.#freePages = connection.query('PRAGMA freelist_count')
    this.#pageSize = connection.query('PRAGMA page_size')
    this.#totals = connection.query(TOTALS)
    this.#atPlace = connection.query(AT_A_PLACE)
    this.#files = connection.query(FILES)
    this.#size = connection.query(SIZE)
    this.#count = connection.query(COUNT)
    this.#extent = connection.query(EXTENT)
  }

  /** The size of a page, in bytes. */
  get pageSize(): number {
    this.#pageBytes ??= Number(this.#pageSize.get()?.page_size)
    return this.#pageBytes
  }

  /**
   * Returns the bytes of the pages in use. Those that are free are given back when the transaction is committed, or,
   * in a directory that was made without `auto_vacuum`, filled again.
   */
  pages(): number {
    const free = this.#freePages.get()?.freelist_count ?? 0n
    return Number((this.#pageCount.get()?.page_count ?? 0n) - free) * this.pageSize
  }

  /** Returns what the files are together, where there are not too many to look at each, or `undefined`. */
  totals(): FileTotals | undefined {
    const totals = numbers(this.#totals.get())
    return totals.files > EXACT_FILES ? undefined : totals
  }

  /** Returns about what the files are together, from a sample of a thousand. O(n) in the files, 50 ns for each. */
  estimate(): FileTotals {
    const files = Number(this.#files.get()?.files)
    const sample = { files: 0, bytes: 0, waste: 0, directories: 0 }
    for (let i = 0; i < PLACES; i++) {
      const place = numbers(this.#atPlace.get(randomPlace()))
      for (const name of Object.keys(sample) as (keyof FileTotals)[]) sample[name] += place[name]
    }
    const factor = files / Math.max(1, sample.files)
    const { bytes, waste, directories } = sample
    return { files, bytes: bytes * factor, waste: waste * factor, directories: directories * factor }
  }

  /** Returns the lengths of all files, in bytes: what the counter `size` should say. O(n) in the files. */
  size(): bigint {
    const value = this.#size.get()?.value ?? 0n
    // What is no length, as an infinite one, counts as little or much as can be.
    return BigInt(Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(Number(value)))))
  }

  /** Returns the number of rows: what the counter `count` should say. O(n). */
  count(): bigint {
    return this.#count.get()?.value ?? 0n
  }

  /** Returns a number of rows that the table cannot exceed. O(log n). */
  mostRows(): number {
    return Number(this.#extent.get()?.rows ?? 0n)
  }
}

function numbers(row: Row<keyof FileTotals> | undefined): FileTotals {
  const { files = 0n, bytes = 0n, waste = 0n, directories = 0n } = row ?? {}
  return {
    files: Number(files),
    bytes: Number(bytes),
    waste: Number(waste),
    directories: Number(directories),
  }
}

function randomPlace(): string {
  const hex = Math.floor(Math.random() * 0x10000)
    .toString(16)
    .padStart(4, '0')
  return `${hex.slice(0, 2)}/${hex.slice(2)}`
}
