import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The time for which a write may not show, in milliseconds: who only reads looks for other files once a second. */
const SETTLING_MS = 1_500

const SHARD = /^\d{3}$/

/**
 * Tells whether the databases of a directory may have been written to. Their files are looked at, which costs next to nothing
 * and opens none of them.
 */
export class DatabaseWrites {
  readonly #files: readonly string[]
  #last = ''

  /** Looks at the directory of a cache, or of one with several shards. */
  constructor(directory: string) {
    const shards = readdirSync(directory).filter((name) => SHARD.test(name))
    this.#files = ['.', ...shards].flatMap((store) =>
      ['cache.db', 'cache.db-wal'].map((name) => join(directory, store, name)),
    )
  }

  /** Returns whether something may have been written since the last call. The first time, it may have. */
  mayHaveChanged(now: number): boolean {
    const seen = this.#files.map((file) => statSync(file, { throwIfNoEntry: false }))
    const state = JSON.stringify(seen.map((status) => status && [status.ino, status.size, status.mtimeMs]))
    const newest = Math.max(...seen.map((status) => status?.mtimeMs ?? 0))
    const hasChanged = state !== this.#last
    this.#last = state
    return hasChanged || Math.abs(now - newest) < SETTLING_MS
  }
}
