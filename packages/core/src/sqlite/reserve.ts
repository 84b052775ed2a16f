import { closeSync, lstatSync, statfsSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { createFile, sharedMode } from './files/shared-mode.ts'

/** The part of the size limit that is held in reserve, and the most, in bytes. */
const SHARE = 1 / 32
const MOST = 512 * 1024

/** The least size limit at which there is a reserve: in a smaller cache it would take too much of it. */
const LEAST_LIMIT = 2 ** 20

/** The part of what is free on the disk that is held in reserve at most, and the least reserve, in bytes. */
const FREE_SHARE = 1 / 8
const LEAST = 64 * 1024

/**
 * A file that holds some space of the disk back. When the disk is full, nothing can be opened or removed without some
 * space: SQLite needs it for the index of the log, and every removal is written to the log first. Then the file is
 * given up; it is made again when there is space.
 */
export class Reserve {
  readonly #directory: string
  readonly #file: string

  /** Takes the reserve of a directory. It touches nothing yet. */
  constructor(directory: string, file: string) {
    this.#directory = directory
    this.#file = file
  }

  /** The bytes that are held back now. */
  get size(): number {
    const status = lstatSync(this.#file, { throwIfNoEntry: false })
    return status?.isFile() ? status.size : 0
  }

  /** Returns the bytes that are free on the disk for this user, `Infinity` where the system does not say. */
  free(): number {
    try {
      const { bavail, bsize } = statfsSync(this.#directory)
      return bavail * bsize
    } catch {
      return Number.POSITIVE_INFINITY
    }
  }

  /** Makes the reserve for a size limit, unless it is there or too little is free. It never throws. */
  make(sizeLimit: number): void {
    if (sizeLimit < LEAST_LIMIT || this.size > 0) return
    const size = Math.floor(Math.min(MOST, Math.max(LEAST, sizeLimit * SHARE), this.free() * FREE_SHARE))
    if (size < LEAST) return
    try {
      this.#write(size)
    } catch {
      // The disk has become full meanwhile, or another process was faster.
    }
  }

  /** Gives the reserve up, and returns whether there was one. */
  spend(): boolean {
    try {
      unlinkSync(this.#file)
      return true
    } catch {
      return false
    }
  }

  #write(size: number): void {
    const descriptor = createFile(this.#file, sharedMode(dirname(this.#file)))
    try {
      // Not of zeros, which some file systems do not store.
      if (writeSync(descriptor, Buffer.alloc(size, 0xa5)) < size) this.spend()
    } catch {
      this.spend()
    } finally {
      closeSync(descriptor)
    }
  }
}
