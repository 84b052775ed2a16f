import { types } from 'node:util'
import { checkOptions, quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { decodeCanonicalKey, encodeCanonicalKey, isInt64, narrow } from './canonical-key.ts'
import { type Column, type EncodedKey, type EncodedValue, KeyForm, Mode } from './columns.ts'
import { compressed, decompressed, isCompressed } from './compressed-value.ts'
import { type Compression, type CompressionOption, compressionOf } from './compression/compression.ts'
import { ForeignKey } from './foreign-key.ts'
import { pythonHash } from './python-hash.ts'
import { type ClassesOption, ClassRegistry, checkClasses } from './stored-classes.ts'
import { decodeStructured, encodeStructured } from './structured-value.ts'

/** The options of a `Disk`. */
export interface DiskOptions {
  /** What becomes of instances of classes. */
  readonly classes?: ClassesOption | undefined
  /**
   * Whether, and how, long values are compressed; `false` unless given. Any codec reads what was compressed, so that
   * processes with and without it share a directory. Bytes that are written as a stream stay as they are.
   */
  readonly compression?: CompressionOption | undefined
}

/**
 * The codec that turns keys and values into columns and bytes, without any input or output. Subclass it to change the
 * encoding, with a `codec` name of its own: the name is recorded in the directory, and a directory that was written
 * with another codec is refused.
 *
 * @example
 * ```ts
 * import { Cache, Disk, type EncodedValue } from '@diskcache/cache'
 *
 * class UpperCaseDisk extends Disk {
 *   static override readonly codec = 'upper-case'
 *   override encodeValue(value: unknown): EncodedValue {
 *     return super.encodeValue(String(value).toUpperCase())
 *   }
 * }
 * using cache = new Cache('cache-directory', { disk: UpperCaseDisk })
 * cache.set('key', 'value')
 * cache.get('key') // → 'VALUE'
 * ```
 */
export class Disk {
  /** The name of the codec, which is recorded in the directory. A subclass has one of its own. */
  static readonly codec: string = 'msgpack'
  /** What becomes of instances of classes, as the constructor was told. */
  readonly classes: ClassesOption | undefined
  /**
   * Whether bytes that are written as a stream are kept as they are. Otherwise they are collected in memory, and encoded
   * like any value of bytes.
   */
  readonly keepsStreams: boolean = true
  /** Whether keys are kept as they are, so that they can be found by a prefix, and have an order. */
  readonly keepsKeys: boolean = true
  readonly #classes: ClassRegistry
  readonly #compression: Compression | undefined

  /**
   * Makes a codec that keeps instances as the option `classes` says, and refuses them unless it is given; and that
   * compresses as `compression` says.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   */
  constructor(options: DiskOptions = {}) {
    // A subclass may hand on options of its own.
    if (isDisk(new.target)) checkOptions('the options of Disk', options, DISK_OPTION_NAMES)
    const { classes, compression } = options
    this.classes = classes
    this.#classes = new ClassRegistry(classes === undefined ? undefined : checkClasses(classes))
    this.#compression = compressionOf(compression)
  }

  /**
   * The effort with which a codec compresses values, which the setting `compressLevel` of a directory sets; `undefined`
   * in a codec that does not compress.
   */
  compressLevel: number | undefined = undefined

  /**
   * Returns the key as it is stored. Equal keys have equal encodings.
   *
   * @throws TypeError for what cannot be a key
   */
  encodeKey(key: Key): EncodedKey {
    switch (typeof key) {
      case 'string':
        if (key.isWellFormed()) return { key, form: KeyForm.plain }
        break
      case 'number':
        if (Number.isNaN(key)) break
        return { key: isInt64Number(key) ? BigInt(key) : key, form: KeyForm.plain }
      case 'bigint':
        if (isInt64(key)) return { key, form: KeyForm.plain }
        break
      case 'object':
        // Not by instanceof: bytes of another realm are the same key.
        if (types.isUint8Array(key)) return { key: bytesOfKey(key), form: KeyForm.plain }
        if (ForeignKey.is(key)) return { key: asBuffer(key.bytes), form: KeyForm.pickle }
        break
      case 'boolean':
        break
      default:
        throw new TypeError(`Cannot use ${quote(key)} as a key: a ${typeof key} cannot be a key`)
    }
    return { key: encodeCanonicalKey(key), form: KeyForm.canonical }
  }

  /**
   * Returns the key that `encodeKey` encoded, or a `ForeignKey` for one that Python pickled.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CORRUPT when the bytes are damaged
   */
  decodeKey({ key, form }: EncodedKey): Key {
    if (form === KeyForm.plain && key !== null) return typeof key === 'bigint' ? narrow(key) : key
    if (form === KeyForm.canonical && Buffer.isBuffer(key)) return decodeCanonicalKey(key) as Key
    if (form === KeyForm.pickle && Buffer.isBuffer(key)) return new ForeignKey(key)
    throw new DiskCacheError(
      'ERR_DISKCACHE_CORRUPT',
      `Cannot decode a key: its form ${quote(form)} has no ${quote(key)}`,
    )
  }

  /**
   * Returns the value as it is stored.
   *
   * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE for what `structuredClone` refuses, instances of classes that
   * are not among those of the option, and what is nested more than 500 deep
   */
  encodeValue(value: unknown): EncodedValue {
    const encoded: EncodedValue = isRaw(value)
      ? { mode: Mode.raw, data: rawColumn(value) }
      : { mode: Mode.msgpack, data: encodeStructured(value, this.#classes) }
    return this.#compression === undefined ? encoded : compressed(encoded, this.#compression)
  }

  /**
   * Returns the value that `encodeValue` encoded. The engine itself deals with values that Python pickled and with
   * unknown modes.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CORRUPT when the bytes are damaged, ERR_DISKCACHE_FORMAT for an instance of a
   * class that the option does not name, or whose `read` fails, and for what is compressed in a way that this Node lacks
   */
  decodeValue(mode: Mode, data: Column): unknown {
    if (mode !== Mode.msgpack || !isCompressed(bytesOf(data))) return this.#decode(mode, data)
    const inner = decompressed(bytesOf(data))
    return this.#decode(inner.mode, inner.data)
  }

  #decode(mode: Mode, data: Column): unknown {
    if (mode === Mode.msgpack) return decodeStructured(bytesOf(data), this.#classes)
    return typeof data === 'bigint' ? narrow(data) : data
  }

  /** Returns the hash that decides in which shard a key belongs, as Python's `Disk.hash` computes it. */
  hash(key: Key): number {
    return pythonHash(this.encodeKey(key).key)
  }
}

/** The names of the options of a codec. */
export const DISK_OPTION_NAMES: readonly string[] = ['classes', 'compression']

/** Returns whether a class is `Disk` itself. A class that names itself is bundled under another name. */
function isDisk(type: unknown): boolean {
  return type === Disk
}

/**
 * Returns the codec that a store is given, which is made with the classes of the store where a class is given.
 *
 * @throws TypeError for what is no codec, for illegal classes, for classes beside a codec that was made without them,
 * and for a class that did not hand them on to the constructor of {@link Disk}: it would keep no instances
 */
export function makeDisk(codec: typeof Disk | Disk, classes: ClassesOption | undefined): Disk {
  if (typeof codec === 'function') return instanceOf(codec, classes)
  if (typeof codec?.encodeKey !== 'function')
    throw new TypeError(`Cannot use disk: expected a codec or a subclass of Disk, got ${quote(codec)}`)
  if (classes === undefined) return codec
  throw new TypeError('Cannot use classes beside a codec that is made already: give them to its constructor')
}

function instanceOf(type: typeof Disk, classes: ClassesOption | undefined): Disk {
  if (typeof type.prototype?.encodeKey !== 'function')
    throw new TypeError(`Cannot use disk: expected a codec or a subclass of Disk, got ${quote(type)}`)
  if (classes === undefined) return new type()
  const disk = new type({ classes: checkClasses(classes) })
  if (disk.classes === classes) return disk
  throw new TypeError(
    `Cannot use classes with disk ${quote(type.name)}: its constructor must hand its options on to that of Disk`,
  )
}

/** Returns the error of a codec with the key, by which a caller that named none can get past the entry. */
export function unreadableError(error: DiskCacheError, key: unknown): DiskCacheError {
  const state = error.message.replace('Cannot decode a value: ', '')
  const { code, cause = error } = error
  return new DiskCacheError(code, `Cannot read the value of ${quote(key)}: ${state}`, { key, cause })
}

/** Throws `TypeError` where no keys can be found by their prefix, since the codec does not keep them as they are. */
export function checkKeepsKeys({ keepsKeys }: Disk): void {
  if (!keepsKeys) throw new TypeError('Cannot use prefix: the codec encrypts keys; use a tag')
}

/** Throws `TypeError` where a store has no namespaces, whose keys are found by their prefix. */
export function checkTakesNamespaces({ keepsKeys }: Disk): void {
  if (keepsKeys) return
  throw new TypeError('Cannot use a namespace: the codec encrypts keys; use tags, or a store for each')
}

/** Returns the class of a codec, which has its name. */
export function classOf(codec: typeof Disk | Disk): typeof Disk {
  return typeof codec === 'function' ? codec : (codec.constructor as typeof Disk)
}

type RawValue = string | number | bigint | Uint8Array | null

/** Returns whether SQLite's own types keep the value exactly, and Python reads it, too. */
function isRaw(value: unknown): value is RawValue {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed()
    case 'number':
      return !Number.isNaN(value)
    case 'bigint':
      // A safe integer would come back as a number.
      return isInt64(value) && typeof narrow(value) === 'bigint'
    default:
      return value === null || (value instanceof Uint8Array && !isDetached(value))
  }
}

function isDetached({ buffer }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.detached
}

function bytesOfKey(key: Uint8Array): Buffer {
  if (key.length > 0 || !isDetached(key)) return asBuffer(key)
  throw new TypeError('Cannot use bytes as a key: their buffer is detached, and what they were is not known')
}

/** better-sqlite3 binds every number as REAL, so an integer must be a bigint to be an INTEGER. */
function rawColumn(value: RawValue): Column {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value
  return value instanceof Uint8Array ? asBuffer(value) : value
}

function isInt64Number(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
}

/** Returns the same bytes as a `Buffer`, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function bytesOf(data: Column): Buffer {
  if (Buffer.isBuffer(data)) return data
  throw new DiskCacheError(
    'ERR_DISKCACHE_CORRUPT',
    `Cannot decode a value: expected bytes, got ${quote(data)}`,
  )
}
