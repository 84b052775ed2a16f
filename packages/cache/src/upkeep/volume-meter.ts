import type { CacheDirectory } from '@diskcache/core/sqlite'

/** So many writes may pass before the database is asked again. */
const WRITES_PER_MEASUREMENT = 64

/**
 * The volume of the cache, without asking the database at every write: in between, this process's own inline values are
 * added up. What others write is seen at the next look.
 */
export class VolumeMeter {
  readonly #directory: CacheDirectory
  #bytes = 0
  #writesLeft = 0

  constructor(directory: CacheDirectory) {
    this.#directory = directory
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Counts a write that added about so many bytes; whether it is time to look at the database again. */
  add(bytes: number): boolean {
    this.#bytes += bytes
    return --this.#writesLeft < 0
  }

  subtract(bytes: number): void {
    this.#bytes -= bytes
  }

  look(): void {
    this.#bytes = this.#directory.volume()
    this.#writesLeft = WRITES_PER_MEASUREMENT
  }
}
