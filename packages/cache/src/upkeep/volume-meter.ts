import type { CacheDirectory } from '@diskcache/core/sqlite'

/** The number of writes that may pass before the database is measured again. */
const WRITES_PER_MEASUREMENT = 64

/** The part of the size limit that may be written before the database is measured again. */
const PART_PER_MEASUREMENT = 1 / 128

/** About the bytes that a row takes beside its value. */
const ROW_BYTES = 100

/** What one write has put into the cache. */
export interface Written {
  /** About the length of the value, in bytes. */
  readonly bytes: number
  /** Whether the value is in a file. */
  readonly isFile: boolean
  /** Whether there was no row of this key before. */
  readonly isNew: boolean
}

/**
 * Knows the volume of the cache without asking the database at every write: in between, what this process adds is
 * summed up. What other processes write, and by how much values grow that are replaced, shows at the next
 * measurement, which comes the sooner the larger the values are.
 */
export class VolumeMeter {
  readonly #directory: CacheDirectory
  #bytes = 0
  #writesLeft = 0
  #bytesLeft = 0

  constructor(directory: CacheDirectory) {
    this.#directory = directory
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Counts a write, and returns whether it is time to measure the database again. */
  add({ bytes, isFile, isNew }: Written): boolean {
    if (isNew) this.#bytes += bytes + ROW_BYTES
    this.#bytesLeft -= bytes
    return --this.#writesLeft < 0 || this.#bytesLeft < 0 || isFile
  }

  subtract(bytes: number): void {
    this.#bytes -= bytes
  }

  look(): void {
    this.#bytes = this.#directory.volume()
    this.#writesLeft = WRITES_PER_MEASUREMENT
    this.#bytesLeft = this.#directory.settings.sizeLimit * PART_PER_MEASUREMENT
  }
}
