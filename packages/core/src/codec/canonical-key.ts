import { types } from 'node:util'
import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'

/**
 * Encodes keys that SQLite has no column type for (format page, "Keys"), in a small subset of MessagePack in which
 * equal keys have equal bytes and different keys different bytes. msgpackr itself cannot serve, because its bytes
 * depend on property order, on shared references, and on whether a number was written `1` or `1n`.
 */

const MAX_DEPTH = 100

/**
 * The most parts of a key, and the most bytes of its encoding: twenty arrays that have each other twice are a key of a
 * million parts. No array and no object is that large in memory, so that only its encoding would tell.
 */
const MAX_PARTS = 2 ** 20
const MAX_BYTES = 2 ** 26

/** The bound of bigints, and the most digits that one has with its sign: more would take seconds to read or write. */
const BIGINT_BOUND = 2n ** 65_536n
const MAX_DIGITS = 19_730

const DIGITS = /^-?[0-9]+$/
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/** The codes of MessagePack's extension types. More may be added, none changed. */
const Extension = { undefined: 0, date: 1, bigint: 2, illFormedString: 3 } as const

/** Returns whether SQLite keeps this integer as an INTEGER. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX
}

/** Returns the canonical bytes of a key; throws `TypeError` that names the path to what cannot be part of a key. */
export function encodeCanonicalKey(key: unknown): Buffer {
  const writer = new KeyWriter()
  writer.value(key, 'key', 0)
  return writer.finish()
}

/** Returns the key that {@link encodeCanonicalKey} encoded; throws `ERR_DISKCACHE_CORRUPT` for anything else. */
export function decodeCanonicalKey(bytes: Buffer): unknown {
  try {
    return new KeyReader(bytes).whole()
  } catch (cause) {
    throw new DiskCacheError('ERR_DISKCACHE_CORRUPT', 'Cannot decode a key: its bytes are damaged', { cause })
  }
}

/** A head that also holds the count, when that is below `count`, together with `base`. */
interface ShortForm {
  readonly base: number
  readonly count: number
}

const SHORT_MAP: ShortForm = { base: 0x80, count: 16 }
const SHORT_ARRAY: ShortForm = { base: 0x90, count: 16 }
const SHORT_STRING: ShortForm = { base: 0xa0, count: 32 }

class KeyWriter {
  #bytes = Buffer.allocUnsafe(64)
  #length = 0
  #parts = 0

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  value(value: unknown, path: string, depth: number): void {
    if (depth > MAX_DEPTH)
      throw new TypeError(`Cannot use ${path} as a key: it is nested more than ${MAX_DEPTH} deep`)
    if (++this.#parts > MAX_PARTS) throw new TypeError(`Cannot use a key of more than ${MAX_PARTS} parts`)
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        return this.#number(value)
      case 'bigint':
        return this.#bigint(value, path)
      case 'boolean':
        return this.#byte(value ? 0xc3 : 0xc2)
      case 'undefined':
        return this.#extension(Extension.undefined, Buffer.alloc(0))
      case 'object':
        return value === null ? this.#byte(0xc0) : this.#object(value, path, depth)
      default:
        throw new TypeError(`Cannot use ${path} as a key: a ${typeof value} cannot be part of a key`)
    }
  }

  #object(value: object, path: string, depth: number): void {
    if (Array.isArray(value)) return this.#array(value, path, depth)
    if (types.isUint8Array(value)) return this.#binary(value)
    if (types.isDate(value)) return this.#date(value)
    if (isPlainObject(value)) return this.#map(value as Record<string, unknown>, path, depth)
    throw new TypeError(
      `Cannot use ${path} as a key: ${quote(value)} is no plain object, array, date or bytes`,
    )
  }

  #array(value: readonly unknown[], path: string, depth: number): void {
    if (!isPlainArray(value))
      throw new TypeError(
        `Cannot use ${path} as a key: the array ${quote(value)} has holes, or properties beside its items`,
      )
    this.#header(value.length, SHORT_ARRAY, 0xdc)
    for (let i = 0; i < value.length; i++) this.value(value[i], `${path}[${i}]`, depth + 1)
  }

  #map(value: Record<string, unknown>, path: string, depth: number): void {
    const names = Object.keys(value).filter((name) => value[name] !== undefined)
    names.sort(byCodeUnit)
    this.#header(names.length, SHORT_MAP, 0xde)
    for (const name of names) {
      this.#string(name)
      this.value(value[name], `${path}.${name}`, depth + 1)
    }
  }

  #string(value: string): void {
    if (!value.isWellFormed())
      return this.#extension(Extension.illFormedString, Buffer.from(value, 'utf16le'))
    const length = Buffer.byteLength(value)
    if (length >= 32 && length < 256) {
      this.#byte(0xd9)
      this.#byte(length)
    } else this.#header(length, SHORT_STRING, 0xda)
    this.#reserve(length)
    this.#length += this.#bytes.write(value, this.#length)
  }

  #number(value: number): void {
    if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) return this.#integer(BigInt(value))
    const bytes = Buffer.alloc(9)
    bytes[0] = 0xcb
    bytes.writeDoubleBE(Number.isNaN(value) ? Number.NaN : value, 1)
    this.#raw(bytes)
  }

  #bigint(value: bigint, path: string): void {
    if (isInt64(value)) return this.#integer(value)
    if (value >= BIGINT_BOUND || value <= -BIGINT_BOUND)
      throw new TypeError(
        `Cannot use ${path} as a key: a bigint of more than 65,536 bits cannot be part of one`,
      )
    this.#extension(Extension.bigint, Buffer.from(value.toString(), 'latin1'))
  }

  #integer(value: bigint): void {
    if (value >= -32n && value < 128n) return this.#byte(Number(BigInt.asUintN(8, value)))
    const bits = [8, 16, 32].find((size) => BigInt.asIntN(size, value) === value) ?? 64
    const bytes = Buffer.alloc(9)
    bytes.writeBigInt64BE(value, 1)
    const head = { 8: 0xd0, 16: 0xd1, 32: 0xd2, 64: 0xd3 }[bits as 8 | 16 | 32 | 64]
    this.#byte(head)
    this.#raw(bytes.subarray(9 - bits / 8))
  }

  #binary(value: Uint8Array): void {
    const head = Buffer.alloc(5)
    head[0] = 0xc6
    head.writeUInt32BE(value.byteLength, 1)
    this.#raw(head)
    this.#raw(value)
  }

  #date(value: Date): void {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value.getTime())
    this.#extension(Extension.date, bytes)
  }

  #extension(code: number, bytes: Buffer): void {
    const head = Buffer.alloc(6)
    head[0] = 0xc9
    head.writeUInt32BE(bytes.length, 1)
    head[5] = code
    this.#raw(head)
    this.#raw(bytes)
  }

  /** Writes a count in its shortest form: in the first byte, else in 16 bits, else in 32. */
  #header(count: number, short: ShortForm, code16: number): void {
    if (count < short.count) return this.#byte(short.base | count)
    const bytes = Buffer.alloc(5)
    bytes.writeUInt32BE(count, 1)
    this.#byte(count < 65_536 ? code16 : code16 + 1)
    this.#raw(bytes.subarray(count < 65_536 ? 3 : 1))
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.byteLength
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    if (this.#length + count > MAX_BYTES)
      throw new TypeError(`Cannot use a key of more than ${MAX_BYTES} bytes`)
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

class KeyReader {
  readonly #bytes: Buffer
  #at = 0
  #parts = 0

  constructor(bytes: Buffer) {
    if (bytes.length > MAX_BYTES) throw new RangeError('Too long')
    this.#bytes = bytes
  }

  whole(): unknown {
    const value = this.#value(0)
    if (this.#at !== this.#bytes.length) throw new RangeError('Bytes are left over')
    return value
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError('Nested too deep')
    if (++this.#parts > MAX_PARTS) throw new RangeError('Too many parts')
    const head = this.#count(1)
    if (head < 0x80) return head
    if (head < 0x90) return this.#map(head & 0x0f, depth)
    if (head < 0xa0) return this.#array(head & 0x0f, depth)
    if (head < 0xc0) return this.#string(head & 0x1f)
    if (head >= 0xe0) return head - 256
    return this.#headed(head, depth)
  }

  #headed(head: number, depth: number): unknown {
    switch (head) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc6:
        return Buffer.from(this.#take(this.#count(4)))
      case 0xc9:
        return this.#extension(this.#count(4))
      case 0xcb:
        return this.#take(8).readDoubleBE()
      case 0xd0:
        return this.#take(1).readInt8()
      case 0xd1:
        return this.#take(2).readInt16BE()
      case 0xd2:
        return this.#take(4).readInt32BE()
      case 0xd3:
        return narrow(this.#take(8).readBigInt64BE())
      case 0xd9:
        return this.#string(this.#count(1))
      case 0xda:
        return this.#string(this.#count(2))
      case 0xdb:
        return this.#string(this.#count(4))
      case 0xdc:
        return this.#array(this.#count(2), depth)
      case 0xdd:
        return this.#array(this.#count(4), depth)
      case 0xde:
        return this.#map(this.#count(2), depth)
      case 0xdf:
        return this.#map(this.#count(4), depth)
      default:
        throw new RangeError(`Unknown head ${head}`)
    }
  }

  #array(count: number, depth: number): unknown[] {
    const array: unknown[] = []
    for (let i = 0; i < count; i++) array.push(this.#value(depth + 1))
    return array
  }

  #map(count: number, depth: number): object {
    const object = {}
    for (let i = 0; i < count; i++) {
      const name = this.#value(depth + 1)
      if (typeof name !== 'string') throw new RangeError('A name is no text')
      const value = this.#value(depth + 1)
      // Not by assignment: a property called __proto__ must become one, not a prototype.
      Object.defineProperty(object, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
    return object
  }

  #extension(length: number): unknown {
    const code = this.#take(1).readUInt8()
    const bytes = this.#take(length)
    switch (code) {
      case Extension.undefined:
        return undefined
      case Extension.date:
        return new Date(bytes.readDoubleBE())
      case Extension.bigint:
        return bigintFrom(bytes)
      case Extension.illFormedString:
        return bytes.toString('utf16le')
      default:
        throw new RangeError(`Unknown extension ${code}`)
    }
  }

  #string(length: number): string {
    return this.#take(length).toString('utf8')
  }

  #count(size: 1 | 2 | 4): number {
    if (this.#at + size > this.#bytes.length) throw new RangeError('Bytes are missing')
    this.#at += size
    return this.#bytes.readUIntBE(this.#at - size, size)
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('Bytes are missing')
    const slice = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return slice
  }
}

function bigintFrom(bytes: Buffer): bigint {
  const digits = bytes.length > MAX_DIGITS ? '' : bytes.toString('latin1')
  if (!DIGITS.test(digits)) throw new RangeError('No bigint')
  return BigInt(digits)
}

/** Returns an integer from the database as the type that users meet: a number when that is exact. */
export function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

/**
 * Returns whether an array has an item at each index, and nothing else. `Object.values` counts properties beside the items
 * without making a string of every index.
 */
function isPlainArray(value: readonly unknown[]): boolean {
  if (Object.values(value).length !== value.length || hasSymbols(value)) return false
  for (let i = 0; i < value.length; i++) if (value[i] === undefined && !(i in value)) return false
  return true
}

function hasSymbols(value: object): boolean {
  return Object.getOwnPropertySymbols(value).length > 0
}

function isPlainObject(value: object): boolean {
  if (Object.prototype.toString.call(value) !== '[object Object]' || hasSymbols(value)) return false
  const prototype = Object.getPrototypeOf(value)
  // An object of another realm has a prototype of that realm, whose own prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
