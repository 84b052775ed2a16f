import type { Column, EncodedKey } from '../../codec/columns.ts'
import { bytesSum } from '../../hashing/bytes-sum.ts'
import { PIECE_BYTES, type Xxh64, xxh64 } from '../../hashing/xxh64.ts'

/** The longest string that is written to the memory as it is: UTF-8 takes at most three bytes for a unit. */
const MAX_UNITS = PIECE_BYTES / 3

/** What a value is, since equal bytes of two kinds are not one value. */
const Kind = { null: 0, integer: 1, real: 2, text: 3, bytes: 4, file: 5 } as const

type Kind = (typeof Kind)[keyof typeof Kind]

/** What a checksum covers beside key and value. */
export interface SummedColumns {
  /** The form of the value. */
  readonly mode: number
  /** The first tag, or `null` for none. */
  readonly tag: Column
  /** The other tags, or `null` for none. */
  readonly moreTags: string | null
  /** When the entry was stored, in seconds since the epoch. */
  readonly storeTime: number
}

/** One unit of the part of the key, in a checksum: above the 32 bits of the value, and one more. */
const KEY_UNIT = 2 ** 33

/**
 * Computes the checksums that stand beside entries, in the column `node_sum` (format page, "Checksums"): 20 bits for
 * the key, 32 bits for the value, mode, tag and time, and a last bit that says nothing. It lets each write differ from
 * the one before, also when all else is equal.
 */
export class EntrySums {
  readonly #xxh64: Xxh64 = xxh64()
  readonly #columns = new Float64Array(this.#xxh64.memory.buffer, 0, 3)
  readonly #integer = new BigInt64Array(this.#xxh64.memory.buffer, 0, 1)

  /** Returns the checksum of an entry whose value is in its row. */
  ofInline(key: EncodedKey, value: Column, columns: SummedColumns): number {
    const start = this.#start(kindOf(value), columns)
    return this.ofKey(key) + (this.#column(value, start) >>> 0) * 2
  }

  /** Returns the checksum of an entry whose value is in a file with this checksum. */
  ofFile(key: EncodedKey, fileSum: number, columns: SummedColumns): number {
    const start = this.#start(Kind.file, columns)
    return this.ofKey(key) + (this.#column(fileSum, start) >>> 0) * 2
  }

  /** Returns the part of the key, all else being 0. */
  ofKey({ key, form }: EncodedKey): number {
    return Math.floor(this.#column(key, form * 8 + kindOf(key)) / 2 ** 32) * KEY_UNIT
  }

  /** Returns 32 bits that stand for a key, never 0. */
  fingerprintOf({ key, form }: EncodedKey): number {
    return this.#column(key, form * 8 + kindOf(key)) >>> 0 || 1
  }

  #start(kind: Kind, { mode, tag, moreTags, storeTime }: SummedColumns): number {
    const firstSum = tag === null ? 0 : this.#column(tag, kindOf(tag))
    const tagSum = moreTags === null ? firstSum : this.#column(moreTags, firstSum)
    this.#columns[0] = storeTime
    this.#columns[1] = mode * 8 + kind
    this.#columns[2] = tagSum
    return this.#xxh64.hash(24, 0)
  }

  #column(column: Column, seed: number): number {
    switch (typeof column) {
      case 'string':
        if (column.length <= MAX_UNITS) return this.#xxh64.hash(this.#xxh64.memory.write(column), seed)
        return this.#column(Buffer.from(column), seed)
      case 'bigint':
        this.#integer[0] = column
        return this.#xxh64.hash(8, seed)
      case 'number':
        this.#columns[0] = column
        return this.#xxh64.hash(8, seed)
      default:
        return this.#bytes(column, seed)
    }
  }

  #bytes(bytes: Buffer | null, seed: number): number {
    if (bytes === null) return seed
    if (bytes.length > PIECE_BYTES) return this.#column(bytesSum(bytes), seed)
    this.#xxh64.memory.set(bytes)
    return this.#xxh64.hash(bytes.length, seed)
  }
}

/** Returns whether a stored checksum is this one. */
export function isSameSum(stored: number, sum: number): boolean {
  return stored === sum || stored === sum + 1
}

/** Returns whether the part of the key in a stored checksum is this one. */
export function isSameKeySum(stored: number, keySum: number): boolean {
  return stored >= keySum && stored < keySum + KEY_UNIT
}

function kindOf(column: Column): Kind {
  switch (typeof column) {
    case 'string':
      return Kind.text
    case 'bigint':
      return Kind.integer
    case 'number':
      return Kind.real
    default:
      return column === null ? Kind.null : Kind.bytes
  }
}
