import { randomBytes } from 'node:crypto'
import { VERSION_LENGTH } from './entry-bytes.ts'

/** Random bytes that tell writers apart, and the characters that they make. */
const WRITER_BYTES = 6
const WRITER_LENGTH = (WRITER_BYTES * 4) / 3

const BASE = 36
const COUNT_LENGTH = VERSION_LENGTH - WRITER_LENGTH

/** Makes versions of entries, in ASCII: a random name of this writer, and a number that this name never has twice. */
export class Versions {
  #writer = nameOfWriter()
  #count = 0

  next(): string {
    if (this.#count === BASE ** COUNT_LENGTH) {
      this.#writer = nameOfWriter()
      this.#count = 0
    }
    return this.#writer + (this.#count++).toString(BASE).padStart(COUNT_LENGTH, '0')
  }
}

function nameOfWriter(): string {
  return randomBytes(WRITER_BYTES).toString('base64url')
}
