import { randomBytes } from 'node:crypto'

/** The form of a value file's name. No other name is ever used, whatever the database says. */
const FILENAME = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28}\.val$/

/**
 * The number of new files in a row that share a directory: to make and remove a directory takes longer than to write
 * a file.
 */
const NAMES_PER_DIRECTORY = 256

/** Makes new names of value files, each different from those of all other processes. */
export class ValueFilenames {
  #directory = ''
  #left = 0

  /** Returns a new name. */
  next(): string {
    const hex = randomBytes(16).toString('hex')
    if (this.#left === 0) {
      this.#directory = `${hex.slice(0, 2)}/${hex.slice(2, 4)}`
      this.#left = NAMES_PER_DIRECTORY
    }
    this.#left--
    return `${this.#directory}/${hex.slice(4)}.val`
  }
}

/** Returns whether a name from the database has the form of a value file's name. */
export function isValueFilename(filename: unknown): filename is string {
  return typeof filename === 'string' && FILENAME.test(filename)
}
