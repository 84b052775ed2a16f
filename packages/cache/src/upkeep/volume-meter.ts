import type { CacheDirectory } from '@diskcache/core/sqlite'

/** The number of writes that may pass before the database is measured again. */
const WRITES_PER_MEASUREMENT = 64

/**
 * Knows the volume of the cache without asking the database at every write: in between, the inline values of this
 * process are added up. What other processes write shows at the next measurement.
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

  /** Counts a write that added about so many bytes, and returns whether it is time to measure the database again. */
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
