import { fstatSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'
import { READ_FLAGS, regularStatus } from './regular-file.ts'
import { closeUnshared, isOpenHere } from './shared-descriptor.ts'

/** The most objects that a schema may have, and bytes that describe them. A cache has fourteen, of four thousand. */
const MOST_OBJECTS = 100
const MOST_BYTES = 256 * 1024

/** The pages that are looked at: more than so many objects can be on, however they lie. */
const MOST_PAGES = 1_000

/** A database with a schema that is worth a look, in bytes. */
const SMALL = 256 * 1024

/** The length of the header of a database, after which its first page begins; see https://www.sqlite.org/fileformat.html */
const HEADER_BYTES = 100

/** The files that this thread has looked at; a look takes as long as a tenth of opening one. */
const known = new Set<string>()
const MOST_KNOWN = 1_000

const MAX_PAGE_SIZE = 65_536
const INNER = 5
const LEAF = 13

/**
 * Throws for a database whose schema is much larger than that of any cache: SQLite reads all of it before the first
 * statement, which takes seconds for tens of thousands of tables. Each thread looks at a file once. What is damaged is
 * left to those who mend it, and the log is not looked at.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT, ERR_DISKCACHE_IO
 */
export function refuseLargeSchema(file: string): void {
  const status = regularStatus(file)
  if (status === undefined || Number(status.size) <= SMALL) return
  const identity = `${status.dev}:${status.ino}:${status.birthtimeNs}`
  // Who has it open has looked already.
  if (known.has(identity) || isOpenHere(status)) return
  withFileErrors('read', file, () => {
    const descriptor = openSync(file, READ_FLAGS)
    try {
      new SchemaTree(file, descriptor).measure()
    } finally {
      closeUnshared(descriptor)
    }
  })
  if (known.size >= MOST_KNOWN) known.clear()
  known.add(identity)
}

/** The tree of the table `sqlite_schema`, in the order in which SQLite reads it, up to the first page that is damaged. */
class SchemaTree {
  readonly #file: string
  readonly #descriptor: number
  readonly #pageSize: number
  /** The bytes of a page that are used. */
  readonly #usable: number
  readonly #pageCount: number
  #objects = 0
  #bytes = 0
  #pages = 0

  constructor(file: string, descriptor: number) {
    this.#file = file
    this.#descriptor = descriptor
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(descriptor, header, 0, HEADER_BYTES, 0)
    const stored = header.readUInt16BE(16)
    this.#pageSize = stored === 1 ? MAX_PAGE_SIZE : stored
    this.#usable = this.#pageSize - (header[20] as number)
    this.#pageCount = Math.ceil(fstatSync(descriptor).size / Math.max(1, this.#pageSize))
  }

  measure(): void {
    if (this.#pageSize >= 512) this.#measure(1)
  }

  /** Returns whether the tree is sound from this page on. */
  #measure(number: number): boolean {
    if (number < 1 || number > this.#pageCount) return false
    if (++this.#pages > MOST_PAGES) throw this.#tooLarge()
    const page = Buffer.alloc(this.#pageSize)
    readSync(this.#descriptor, page, 0, page.length, (number - 1) * this.#pageSize)
    const start = number === 1 ? HEADER_BYTES : 0
    const [kind, cells] = [page[start], page.readUInt16BE(start + 3)]
    const pointers = start + (kind === INNER ? 12 : 8)
    if ((kind !== INNER && kind !== LEAF) || pointers + 2 * cells > this.#usable) return false
    for (let cell = 0; cell < cells; cell++) {
      const at = page.readUInt16BE(pointers + 2 * cell)
      if (at < pointers + 2 * cells || at > this.#usable - 4) return false
      const isSound = kind === LEAF ? this.#count(page, at) : this.#measure(page.readUInt32BE(at))
      if (!isSound) return false
    }
    return kind === LEAF || this.#measure(page.readUInt32BE(start + 8))
  }

  /** Counts an object, and returns whether it is sound. */
  #count(page: Buffer, at: number): boolean {
    const [length, afterLength] = variableInteger(page, at)
    const [, body] = variableInteger(page, afterLength)
    const end = body + this.#localBytes(length)
    if (end > this.#usable) return false
    if (end - body < length && !this.#isPage(page.readUInt32BE(end))) return false
    this.#objects++
    this.#bytes += length
    if (this.#objects > MOST_OBJECTS || this.#bytes > MOST_BYTES) throw this.#tooLarge()
    return true
  }

  /** Returns how much of a row stands on its leaf; the rest is on pages of its own. */
  #localBytes(length: number): number {
    if (length <= this.#usable - 35) return length
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23
    const even = least + ((length - least) % (this.#usable - 4))
    return even <= this.#usable - 35 ? even : least
  }

  #isPage(number: number): boolean {
    return number > 1 && number <= this.#pageCount
  }

  #tooLarge(): DiskCacheError {
    const message =
      `Cannot open ${dirname(this.#file)}: the schema of its database has more than ${MOST_OBJECTS} tables and indexes, ` +
      `or ${MOST_BYTES} bytes, as no cache has`
    return new DiskCacheError('ERR_DISKCACHE_FORMAT', message)
  }
}

/** Returns an integer of one to nine bytes, and where it ends. */
function variableInteger(page: Buffer, start: number): readonly [value: number, end: number] {
  let value = 0
  for (let at = start; at < start + 8; at++) {
    const byte = page[at] ?? 0
    value = value * 128 + (byte & 127)
    if (byte < 128) return [value, at + 1]
  }
  return [value * 256 + (page[start + 8] ?? 0), start + 9]
}
