import type { EncodedKey, Problem } from '@diskcache/core'
import { areMetadataIntact, type CacheDirectory, type PageRow } from '@diskcache/core/sqlite'
import type { CheckWork } from './check-work.ts'

const ROWS_PER_PAGE = 100

/** What the look at a row found. */
export type Finding = 'sound' | 'wrong' | 'unverified'

/** Compares every entry with its checksum. */
export class ChecksumCheck {
  readonly #directory: CacheDirectory

  constructor(directory: CacheDirectory) {
    this.#directory = directory
  }

  /**
   * Ends with a problem for each entry that is not what was stored, and one for all that have no checksum. With `fix`,
   * the former are removed, and the latter taken as they are and given one.
   */
  *inSlices(fix: boolean): CheckWork<Problem[]> {
    if (!this.#directory.sums.isOn) return []
    const problems: Problem[] = []
    let unverified = 0
    for (const row of this.#rows()) {
      yield
      const finding = this.findingOf(row)
      if (finding === 'unverified') unverified++
      if (finding === 'wrong') {
        const message = `The entry in row ${row.rowid} is not what was stored`
        problems.push({ kind: 'wrong-checksum', message })
      }
      if (fix && finding !== 'sound') yield () => this.#mend(row, finding)
    }
    if (fix) yield () => this.#directory.believeChecksums()
    if (unverified === 0) return problems
    const message = `${unverified} entries have no checksum: Python wrote them, a version before, or this one without checksums`
    return [...problems, { kind: 'unverified', message }]
  }

  *#rows(): Generator<PageRow> {
    const bounds = {
      newest: this.#directory.entries.newestRowid(),
      now: Number.NEGATIVE_INFINITY,
      limit: ROWS_PER_PAGE,
    }
    for (let last = 0n; ; ) {
      const rows = this.#directory.entryPages.byRowid(last, false, bounds)
      yield* rows
      const next = rows.at(-1)
      if (next === undefined) return
      last = next.rowid
    }
  }

  /**
   * Compares one row, with its file, with its checksum.
   *
   * @throws DiskCacheError ERR_DISKCACHE_IO when the file cannot be read
   */
  findingOf(row: PageRow): Finding {
    const { sums } = this.#directory
    if (!sums.has(row)) return this.#directory.acceptsUnverified() ? 'unverified' : 'wrong'
    if (!areMetadataIntact(row)) return 'wrong'
    const fileSum = this.#fileSum(row)
    // What is wrong with a file that is missing, or has another length, is told beside its name.
    if (fileSum === undefined) return 'sound'
    const isSame =
      fileSum === null ? sums.matches(row, keyOf(row), row.value) : sums.matchesFile(row, keyOf(row), fileSum)
    return isSame ? 'sound' : 'wrong'
  }

  #mend(row: PageRow, finding: Finding): void {
    this.#directory.connection.transact(() => {
      if (finding === 'unverified') this.#addSum(row)
      else if (this.#directory.entries.deleteExactly(row)) this.#directory.discardFile(row.filename)
    })
  }

  #addSum(row: PageRow): void {
    const fileSum = this.#fileSum(row)
    if (fileSum === undefined) return
    const { filename, storeTime } = row
    const value = { mode: Number(row.mode), inline: row.value, filename, fileSum }
    this.#directory.entries.setSum(row, this.#directory.sums.of(keyOf(row), value, row, storeTime))
  }

  /** Returns the checksum of the row's file, `null` when it has none, `undefined` when that is not there as it should be. */
  #fileSum({ filename, size }: PageRow): number | null | undefined {
    return filename === null ? null : this.#directory.files.sum(filename, Number(size))
  }
}

function keyOf({ key, raw }: PageRow): EncodedKey {
  return { key, form: Number(raw) as EncodedKey['form'] }
}
