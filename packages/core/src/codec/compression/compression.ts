import zlib from 'node:zlib'
import { checkChoice, checkNumber, checkOptions, quote } from '../../checks/argument-check.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import { inflated } from './inflating.ts'

/** The algorithms by which values are compressed. */
export type CompressionAlgorithm = 'zstd' | 'deflate'

/** How values are compressed. */
export interface CompressionOptions {
  /** The bytes from which on a value is compressed, 1,024 unless given. */
  readonly minBytes?: number | undefined
  /** The effort, from 1, the fastest, to 19, 3 unless given. Deflate has 9 at most. */
  readonly level?: number | undefined
  /**
   * The algorithm: unless given, zstd where Node has it, which is from 22.15 and 23.8 on, and deflate elsewhere. What was
   * compressed by either is read, whatever stands here.
   */
  readonly algorithm?: CompressionAlgorithm | undefined
}

/** Whether values are compressed; `true` stands for the defaults. */
export type CompressionOption = boolean | CompressionOptions

/**
 * The most bytes that are compressed, and that are made of a compressed value: a damaged or hostile one cannot fill the
 * memory. On disk (format page, "Compressed values").
 */
export const MAX_COMPRESSED_LENGTH = 64 * 1024 * 1024

/** The window of zstd, as a power of two, up to which it is read: that of level 19, 8 MiB. */
const MAX_WINDOW_LOG = 23

/** The numbers of the algorithms, which are on disk. */
const NUMBERS = { deflate: 1, zstd: 2 } as const

/** Compresses bytes as one option says. */
export class Compression {
  /** The bytes from which on a value is compressed. */
  readonly minBytes: number
  /** The number of the algorithm. */
  readonly algorithm: number
  readonly #level: number

  /**
   * Takes the option of a codec.
   *
   * @throws TypeError, RangeError for an illegal one, and for an algorithm that this Node lacks
   */
  constructor(options: CompressionOptions) {
    checkOptions('compression', options, ['minBytes', 'level', 'algorithm'], 'a boolean or an object')
    const { minBytes = 1_024, level = 3, algorithm = hasZstd() ? 'zstd' : 'deflate' } = options
    this.minBytes = checkNumber('compression.minBytes', minBytes, { min: 0, integer: true })
    this.#level = checkNumber('compression.level', level, { min: 1, max: 19, integer: true })
    this.algorithm = NUMBERS[checkChoice('compression.algorithm', algorithm, ['zstd', 'deflate'])]
    if (algorithm === 'zstd' && !hasZstd())
      throw new RangeError(`Cannot use compression.algorithm 'zstd': ${NO_ZSTD}`)
  }

  /** Returns the bytes compressed, with a checksum, as both algorithms have one. */
  compress(bytes: Buffer): Buffer {
    if (this.algorithm === NUMBERS.deflate)
      return zlib.deflateSync(bytes, { level: Math.min(this.#level, 9) })
    const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag } = zlib.constants
    const params = { [ZSTD_c_compressionLevel]: this.#level, [ZSTD_c_checksumFlag]: 1 }
    return zlib.zstdCompressSync(bytes, { params })
  }
}

/**
 * Returns the compression that an option asks for, if any.
 *
 * @throws TypeError, RangeError for an illegal option
 */
export function compressionOf(option: CompressionOption | undefined): Compression | undefined {
  if (option === undefined || option === false) return undefined
  return new Compression(option === true ? {} : option)
}

/** Returns whether a number is that of an algorithm. */
export function isAlgorithm(number: unknown): boolean {
  return number === NUMBERS.deflate || number === NUMBERS.zstd
}

/**
 * Returns what was compressed by the algorithm with that number.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT where this Node lacks the algorithm, ERR_DISKCACHE_TOO_LARGE for more than
 * the caller of `inflatingAtMost` allows
 * @throws an error of zlib for damaged bytes, and for more than {@link MAX_COMPRESSED_LENGTH}
 */
export function decompress(algorithm: number, bytes: Buffer): Buffer {
  if (algorithm === NUMBERS.deflate) {
    return inflated(MAX_COMPRESSED_LENGTH, (maxOutputLength) => zlib.inflateSync(bytes, { maxOutputLength }))
  }
  if (algorithm !== NUMBERS.zstd) throw new RangeError(`Unknown algorithm ${quote(algorithm)}`)
  if (!hasZstd())
    throw new DiskCacheError(
      'ERR_DISKCACHE_FORMAT',
      `Cannot decode a value: it is compressed by zstd, and ${NO_ZSTD}`,
    )
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG }
  return inflated(MAX_COMPRESSED_LENGTH, (maxOutputLength) =>
    zlib.zstdDecompressSync(bytes, { params, maxOutputLength }),
  )
}

const NO_ZSTD = `Node has it from 22.15 and 23.8 on, and this is ${process.version}; write with algorithm: 'deflate' there`

/** Asked for each time, so that a test can take it away. */
function hasZstd(): boolean {
  return typeof zlib.zstdCompressSync === 'function'
}
