import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { withFileErrors } from '../../contract/file-error.ts'
import { CHANGE_FLAGS, READ_FLAGS } from '../system/regular-file.ts'
import { closeUnshared } from '../system/shared-descriptor.ts'

/** The length of the header of a SQLite database, in bytes; see https://www.sqlite.org/fileformat.html */
const HEADER_BYTES = 100

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')

/** The bytes from offset 18 on that every cache has: write-ahead log, no reserved space, the fractions of a page. */
const CONSTANTS = Buffer.from([2, 2, 0, 64, 32, 32])

const PAGE_SIZE_AT = 16
const CONSTANTS_AT = 18
const PAGE_COUNT_AT = 28
const SCHEMA_FORMAT_AT = 44
const ENCODING_AT = 56
const LOG_PAGE_SIZE_AT = 8

const PAGE_SIZES = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]

/** The page size of what has lost its own, and has too few pages to guess it. */
const OWN_PAGE_SIZE = 2048

/** The first byte of a page: of a tree, of pointers, or of a page whose first number is small. */
const FIRST_BYTES = new Set([0, 1, 2, 3, 4, 5, 10, 13])

/** The number of pages that are looked at, to tell a page size, or a database from something else. */
const SAMPLE_PAGES = 64

/** The share of pages that must begin like one. */
const LIKELY = 0.9

/** Bytes of the header as they should be. */
interface Field {
  readonly at: number
  readonly bytes: Buffer
}

/**
 * Puts right what the header of every cache has in common, and returns whether anything was wrong. SQLite cannot do
 * that, as it does not open such a file. Only these bytes are written: they never change, so it does not matter when
 * another process writes the header at the same time.
 */
export function mendHeader(file: string): boolean {
  return withHeader(file, CHANGE_FLAGS, (header, descriptor) => {
    const sample = new PageSample(descriptor)
    const wrong = fieldsOf(header, sample, file).filter(
      ({ at, bytes }) => header.compare(bytes, 0, bytes.length, at, at + bytes.length) !== 0,
    )
    if (wrong.length === 0 || !isDatabase(header, sample)) return false
    for (const { at, bytes } of wrong) writeSync(descriptor, bytes, 0, bytes.length, at)
    return true
  })
}

/** Returns whether a file is, or was, a database, and so may be made one again. */
export function isDatabaseFile(file: string): boolean {
  return withHeader(file, READ_FLAGS, (header, descriptor) => isDatabase(header, new PageSample(descriptor)))
}

/**
 * Returns whether the header says, as no cache's does, that the file is of a later SQLite and may only be read. SQLite
 * then calls it read-only, and not damaged.
 */
export function isWriteVersionDamaged(file: string): boolean {
  return withHeader(file, READ_FLAGS, (header) => (header[CONSTANTS_AT] as number) > (CONSTANTS[0] as number))
}

/** Returns the page size of a database whose header is sound. */
export function pageSizeOf(file: string): number {
  return withHeader(file, READ_FLAGS, (header) => pageSizeIn(header) ?? OWN_PAGE_SIZE)
}

function withHeader<T>(file: string, flags: number, body: (header: Buffer, descriptor: number) => T): T {
  return withFileErrors('read', file, () => {
    const descriptor = openSync(file, flags)
    try {
      const header = Buffer.alloc(HEADER_BYTES)
      readSync(descriptor, header, 0, HEADER_BYTES, 0)
      return body(header, descriptor)
    } finally {
      closeUnshared(descriptor)
    }
  })
}

function fieldsOf(header: Buffer, sample: PageSample, file: string): Field[] {
  const pageSize = pageSizeIn(header) ?? pageSizeOfLog(`${file}-wal`) ?? sample.pageSize
  const constants = Buffer.from(CONSTANTS)
  // Before the first use of a log, both versions are 1.
  if (header[CONSTANTS_AT] === 1 && header[CONSTANTS_AT + 1] === 1) constants.fill(1, 0, 2)
  return [
    { at: 0, bytes: MAGIC },
    { at: PAGE_SIZE_AT, bytes: sixteenBits(pageSize === 65_536 ? 1 : pageSize) },
    { at: CONSTANTS_AT, bytes: constants },
    // 0 lets SQLite go by the length of the file.
    ...(header.readUInt32BE(PAGE_COUNT_AT) * pageSize > sample.size
      ? [{ at: PAGE_COUNT_AT, bytes: thirtyTwoBits(0) }]
      : []),
    { at: SCHEMA_FORMAT_AT, bytes: thirtyTwoBits(4) },
    { at: ENCODING_AT, bytes: thirtyTwoBits(1) },
  ]
}

/**
 * Returns whether a file is, or was, a database: most of its header, or most of its pages, are those of one, or it is
 * nothing but zeros.
 */
function isDatabase(header: Buffer, sample: PageSample): boolean {
  const magic = MAGIC.filter((byte, i) => header[i] === byte).length
  const constants = CONSTANTS.filter((byte, i) => header[CONSTANTS_AT + i] === byte).length
  return magic >= MAGIC.length - 2 || constants >= CONSTANTS.length - 1 || sample.isLikely
}

function pageSizeIn(header: Buffer): number | undefined {
  const stored = header.readUInt16BE(PAGE_SIZE_AT)
  const size = stored === 1 ? 65_536 : stored
  return PAGE_SIZES.includes(size) ? size : undefined
}

/** Returns the page size that a log says, if there is one. No lock depends on a descriptor of a log. */
function pageSizeOfLog(log: string): number | undefined {
  const bytes = Buffer.alloc(4)
  try {
    const descriptor = openSync(log, READ_FLAGS)
    readSync(descriptor, bytes, 0, bytes.length, LOG_PAGE_SIZE_AT)
    closeSync(descriptor)
  } catch {
    return undefined
  }
  return PAGE_SIZES.find((size) => size === bytes.readUInt32BE(0))
}

/** The first bytes of pages of a file, for each size that a page may have. */
class PageSample {
  readonly size: number
  /** The page size for which most pages begin like one. */
  readonly pageSize: number
  /** Whether most pages of that size begin like one. */
  readonly isLikely: boolean

  constructor(descriptor: number) {
    this.size = fstatSync(descriptor).size
    const shares = PAGE_SIZES.map((pageSize) => ({ pageSize, share: this.#share(descriptor, pageSize) }))
    const best = shares.find(({ share }) => share >= LIKELY)
    this.pageSize = best?.pageSize ?? OWN_PAGE_SIZE
    this.isLikely = best !== undefined
  }

  /** Returns the share of pages that begin like one, 0 for a file with fewer than two pages after the first. */
  #share(descriptor: number, pageSize: number): number {
    const pages = Math.floor(this.size / pageSize) - 1
    if (pages < 2) return 0
    const step = Math.max(1, Math.floor(pages / SAMPLE_PAGES))
    const byte = Buffer.alloc(1)
    let likely = 0
    let seen = 0
    for (let page = 1; page <= pages; page += step, seen++) {
      readSync(descriptor, byte, 0, 1, page * pageSize)
      if (FIRST_BYTES.has(byte[0] as number)) likely++
    }
    return likely / seen
  }
}

function sixteenBits(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function thirtyTwoBits(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
