import type { CacheDirectory } from '@diskcache/core/sqlite'

/**
 * The age, in milliseconds, from which a file without a row counts as an orphan: before, its write may be under way.
 */
export const GRACE_MS = 15 * 60_000

/** An orphan, or an empty directory. */
export interface Leftover {
  readonly kind: 'orphan-file' | 'empty-directory'
  readonly path: string
}

/**
 * Finds what a killed process left behind: files without a row, and empty directories. In ordinary operation a few
 * directories are searched after some writes, so that a pass over all of them takes place at most every 15 minutes.
 */
export class OrphanSweep {
  readonly #directory: CacheDirectory
  readonly #clock: () => number
  #pass: Generator<string> | undefined
  #nextPass = Number.NEGATIVE_INFINITY

  constructor(directory: CacheDirectory, clock: () => number) {
    this.#directory = directory
    this.#clock = clock
  }

  /** Removes the leftovers of the next few directories. */
  step(directories: number): void {
    this.#pass ??= this.#begin()
    for (let i = 0; i < directories && this.#pass !== undefined; i++) {
      const { done, value } = this.#pass.next()
      if (done) this.#pass = undefined
      else for (const leftover of this.leftoversIn(value)) this.#removeIfFree(leftover)
    }
  }

  /** Removes a leftover, waiting for the lock. */
  remove(leftover: Leftover): void {
    this.#directory.connection.transact(() => this.#removeLocked(leftover))
  }

  /** Removes a leftover unless another process has the lock: the next pass will find it. */
  #removeIfFree(leftover: Leftover): void {
    this.#directory.connection.tryTransact(() => this.#removeLocked(leftover))
  }

  /** With the lock, nobody can be about to make an entry of the file that is found to have none. */
  #removeLocked({ kind, path }: Leftover): void {
    const { files, consistency } = this.#directory
    if (kind === 'empty-directory') files.removeEmptyDirectories(path)
    else if (consistency.file(path) === undefined) files.remove(path)
  }

  #begin(): Generator<string> | undefined {
    const now = this.#clock()
    if (now < this.#nextPass) return undefined
    this.#nextPass = now + GRACE_MS
    return this.#directory.files.directories()
  }

  /** Iterates over the leftovers of one directory. */
  *leftoversIn(directory: string): Generator<Leftover> {
    const { files, consistency } = this.#directory
    const oldest = this.#clock() - GRACE_MS
    for (const path of files.filenames(directory)) {
      const status = files.status(path)
      if (status === undefined || status.modified >= oldest || consistency.file(path) !== undefined) continue
      yield { kind: 'orphan-file', path }
    }
    const emptySince = files.emptySince(directory)
    if (emptySince !== undefined && emptySince < oldest) yield { kind: 'empty-directory', path: directory }
  }
}
