import { randomBytes } from 'node:crypto'

/** The only form of name that is ever used, whatever the database says. */
const FILENAME = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28}\.val$/

/** So many in a row go into one directory: to make and remove a directory takes longer than to write a file. */
const NAMES_PER_DIRECTORY = 256

/** Gives new names of value files, each different from those of all other processes. */
export class ValueFilenames {
  #directory = ''
  #left = 0

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

/** Whether a name from the database has the form of a value file's name. */
export function isValueFilename(filename: unknown): filename is string {
  return typeof filename === 'string' && FILENAME.test(filename)
}
