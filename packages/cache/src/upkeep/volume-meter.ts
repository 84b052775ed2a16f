import type { CacheDirectory } from '@diskcache/core/sqlite'

/**
 * The number of writes that may pass before the database is measured again: the fewer where rows take a larger part of the
 * size limit, beside their values.
 */
const FEWEST_WRITES = 64
const MOST_WRITES = 1_024

/** The part of the size limit that may be written before the database is measured again. */
const PART_PER_MEASUREMENT = 1 / 128

/**
 * The part of the size limit that stays free on the disk, and the most of it, in bytes: for the log, which is written
 * back often then, and for a value whose file is written before another goes.
 */
const FREE_PART = 1 / 8
const MOST_FREE = 2 ** 20

/** About the bytes that a row takes beside its value. */
const ROW_BYTES = 100

/** The bytes that may be written before the next measurement where the disk is smaller than the size limit. */
const TIGHT_BYTES = 65_536

/** The volume before the first measurement, in which nothing has room. */
const NOT_KNOWN = Number.POSITIVE_INFINITY

/** What one write has put into the cache. */
export interface Written {
  /** About the bytes of the value, its key and its tags. */
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
  #bytes = NOT_KNOWN
  #limit = Number.POSITIVE_INFINITY
  #writesLeft = 0
  #bytesLeft = 0
  /** The commits of this process when the database was measured last. */
  #commits = -1

  constructor(directory: CacheDirectory) {
    this.#directory = directory
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The bytes that the cache may take: the size limit, or what the disk has, if that is less. */
  get limit(): number {
    return Math.min(this.#directory.settings.sizeLimit, this.#limit)
  }

  /** Counts a write, and returns whether it is time to measure the database again. */
  add({ bytes, isFile, isNew }: Written): boolean {
    if (isNew) this.#bytes += bytes + ROW_BYTES
    this.#bytesLeft -= bytes
    this.#writesLeft--
    // Within a transaction, nobody else writes.
    const isLate = this.#writesLeft < 0 && this.#directory.connection.commits !== this.#commits
    return isLate || this.#bytesLeft < 0 || isFile
  }

  subtract(bytes: number): void {
    this.#bytes -= bytes
  }

  /** Lets the next write measure the database. */
  forget(): void {
    this.#bytes = NOT_KNOWN
    this.#writesLeft = 0
    this.#commits = -1
  }

  look(): void {
    const { reserve, settings } = this.#directory
    this.#bytes = this.#directory.volume()
    this.#commits = this.#directory.connection.commits
    this.#bytesLeft = settings.sizeLimit * PART_PER_MEASUREMENT
    this.#writesLeft = Math.max(FEWEST_WRITES, Math.min(MOST_WRITES, this.#bytesLeft / ROW_BYTES))
    this.#limit = this.#bytes + reserve.free() - Math.min(MOST_FREE, settings.sizeLimit * FREE_PART)
    if (this.#limit < settings.sizeLimit) this.#bytesLeft = Math.min(this.#bytesLeft, TIGHT_BYTES)
  }
}
