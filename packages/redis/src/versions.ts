import { randomBytes } from 'node:crypto'
import { VERSION_LENGTH } from './entry-bytes.ts'

const WRITER_LENGTH = 8

/** Makes versions of entries: a random name of this writer, and a number that it never gives twice. */
export class Versions {
  readonly #writer = randomBytes(WRITER_LENGTH)
  #count = 0

  next(): Buffer {
    const version = Buffer.allocUnsafe(VERSION_LENGTH)
    version.set(this.#writer)
    version.writeUIntBE(this.#count++, WRITER_LENGTH, VERSION_LENGTH - WRITER_LENGTH)
    return version
  }
}
