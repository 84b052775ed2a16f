import { hasCode, type Problem } from '@diskcache/core'
import { type CacheDirectory, type DatabaseReport, isValueFilename } from '@diskcache/core/sqlite'
import { type CheckWork, checkNow } from './check-work.ts'
import { ChecksumCheck } from './checksum-check.ts'
import type { OrphanSweep } from './orphan-sweep.ts'

const ROWS_PER_PAGE = 100

/**
 * The pauses, in milliseconds, after which a problem with a file is looked at again: Python removes a file before the
 * transaction ends that lets go of it.
 */
const PAUSES_MS = [20, 80]

/** One more where others write: what is read may be a copy of the database that is a second old. */
const READONLY_PAUSE_MS = 1_000

type FileRow = ReturnType<CacheDirectory['consistency']['files']>[number]

/** A row whose file is not as it should be. */
interface FoundRow {
  readonly row: FileRow
  readonly problem: Problem
}

/** Compares the database, its counters and the value files, and mends what differs. */
export class ConsistencyCheck {
  readonly #directory: CacheDirectory
  readonly #sweep: OrphanSweep
  readonly #checksums: ChecksumCheck

  constructor(directory: CacheDirectory, sweep: OrphanSweep) {
    this.#directory = directory
    this.#sweep = sweep
    this.#checksums = new ChecksumCheck(directory)
  }

  /** Returns the problems that are there, and mends them with `fix`. */
  run(fix: boolean): Problem[] {
    return checkNow(this.inSlices(fix))
  }

  /**
   * Returns the work that ends with the problems that are there, and mends them with `fix`. What SQLite says of the
   * whole database takes one slice, unless it was asked before, and said this.
   */
  *inSlices(fix: boolean, report?: DatabaseReport): CheckWork<Problem[]> {
    const problems = this.#confirmIntegrity(report)
    if (fix && problems.length > 0) this.#rebuild(problems)
    // Nothing can be learnt from a damaged database, and nothing should be removed on its word.
    if (problems.length > 0 && (!fix || this.#checkIntegrity().length > 0)) return problems
    return [
      ...problems,
      ...(yield* this.#checkRows(fix)),
      ...(yield* this.#checksums.inSlices(fix)),
      ...(yield* this.#checkFiles(fix)),
      ...(yield* this.#checkCounters(fix, report)),
    ]
  }

  /** Asks twice where SQLite complains: for it, one failed read of the disk is damage, too. */
  #confirmIntegrity(report: DatabaseReport | undefined): Problem[] {
    const complaints = report?.complaints ?? this.#checkIntegrity()
    return complaints.length === 0 ? [] : this.#checkIntegrity()
  }

  #checkIntegrity(): Problem[] {
    try {
      return this.#directory.consistency.integrity().map((message) => ({ kind: 'integrity', message }))
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_CORRUPT')) throw error
      return [{ kind: 'integrity', message: (error as Error).message }]
    }
  }

  /**
   * Builds anew from the rows what SQLite complains of: the indexes, then everything. Where that does not help, the
   * database is made anew, if entries may be lost.
   */
  #rebuild([problem]: readonly Problem[]): void {
    const { connection, consistency } = this.#directory
    if (connection.readonly) return
    if (this.#helps(() => consistency.rebuildIndexes())) return
    if (this.#helps(() => consistency.rebuild())) return
    this.#directory.reset(`SQLite complains: ${problem?.message}`)
  }

  #helps(attempt: () => void): boolean {
    try {
      attempt()
    } catch (error) {
      // What cannot be read or written at the moment is no reason to make anything anew.
      if (!hasCode(error, 'ERR_DISKCACHE_CORRUPT')) throw error
      return false
    }
    return this.#checkIntegrity().length === 0
  }

  *#checkRows(fix: boolean): CheckWork<Problem[]> {
    const found = yield* this.#withProblem(this.#fileRows())
    const lasting = yield* this.#lasting(found)
    if (fix) for (const { row } of lasting) yield () => this.#removeRow(row)
    // Names are random, and would make another order of every report.
    return lasting.sort((a, b) => (a.row.rowid < b.row.rowid ? -1 : 1)).map(({ problem }) => problem)
  }

  /** Ends with the problems that are still there after some pauses, which together are no longer than the timeout. */
  *#lasting(found: FoundRow[]): CheckWork<FoundRow[]> {
    const { timeout, readonly } = this.#directory.connection
    let left = timeout
    for (const pause of readonly ? [...PAUSES_MS, READONLY_PAUSE_MS] : PAUSES_MS) {
      if (found.length === 0 || left <= 0) break
      yield Math.min(pause, left)
      left -= pause
      found = yield* this.#withProblem(found.map(({ row }) => row))
    }
    return found
  }

  /** Ends with those rows whose files are not as they should be. */
  *#withProblem(rows: Iterable<FileRow>): CheckWork<FoundRow[]> {
    const found: FoundRow[] = []
    for (const row of rows) {
      yield
      const problem = this.#problemOf(row)
      if (problem !== undefined && !this.#isGone(row)) found.push({ row, problem })
    }
    return found
  }

  *#fileRows(): Generator<FileRow> {
    for (let last: FileRow | undefined; ; ) {
      const rows = this.#directory.consistency.files(last, ROWS_PER_PAGE)
      yield* rows
      last = rows.at(-1)
      if (last === undefined) return
    }
  }

  #problemOf({ filename, size }: FileRow): Problem | undefined {
    if (!isValueFilename(filename)) {
      return {
        kind: 'illegal-filename',
        message: `Row names ${JSON.stringify(filename)}, which is no value file`,
      }
    }
    const status = this.#directory.files.status(filename)
    if (status === undefined) return { kind: 'missing-file', message: `File ${filename} is missing` }
    if (status.size === Number(size)) return undefined
    return {
      kind: 'wrong-size',
      message: `File ${filename} has ${status.size} bytes, and its row says ${size}`,
    }
  }

  /** Returns whether the row was removed or replaced since it was read. */
  #isGone({ rowid, filename }: FileRow): boolean {
    return this.#directory.consistency.file(filename)?.rowid !== rowid
  }

  #removeRow(row: FileRow): void {
    this.#directory.connection.transact(() => {
      if (!this.#isGone(row)) this.#directory.remove(row)
    })
  }

  *#checkFiles(fix: boolean): CheckWork<Problem[]> {
    const problems: Problem[] = []
    for (const directory of this.#directory.files.directories()) {
      yield
      for (const leftover of this.#sweep.leftoversIn(directory)) {
        if (fix) yield () => this.#sweep.remove(leftover)
        const { kind, path } = leftover
        const message = kind === 'orphan-file' ? `File ${path} has no row` : `Directory ${path} is empty`
        problems.push({ kind, message })
      }
    }
    return problems
  }

  *#checkCounters(fix: boolean, report: DatabaseReport | undefined): CheckWork<Problem[]> {
    const isRight = report?.counters.every(({ stored, actual }) => stored === actual)
    const wrong = isRight ? [] : this.#wrongCounters()
    if (fix && wrong.length > 0) {
      yield () =>
        this.#directory.connection.transact(() => {
          for (const counter of this.#wrongCounters()) this.#directory.consistency.setCounter(counter)
        })
    }
    return wrong.map(({ name, stored, actual }) => {
      return { kind: 'wrong-counter', message: `Counter ${name} says ${stored}, and there are ${actual}` }
    })
  }

  #wrongCounters() {
    return this.#directory.consistency.counters().filter(({ stored, actual }) => stored !== actual)
  }
}
