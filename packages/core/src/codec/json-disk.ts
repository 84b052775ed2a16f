import { deflateSync, inflateSync } from 'node:zlib'
import { checkOptions } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { type Column, type EncodedValue, Mode } from './columns.ts'
import { inflated } from './compression/inflating.ts'
import { DISK_OPTION_NAMES, Disk, type DiskOptions } from './disk.ts'

/**
 * A codec of values as JSON, compressed with zlib, which Python's `JSONDisk` writes and reads. It keeps what JSON
 * keeps. The setting `compressLevel` says how hard it tries, for every process; values of any level are read. Keys are encoded as by {@link Disk}, because compressed bytes are no stable name for a key.
 *
 * @example
 * ```ts
 * import { Cache, JSONDisk } from '@diskcache/cache'
 *
 * using cache = new Cache('cache-directory', { disk: JSONDisk, compressLevel: 6 })
 * cache.set('key', { list: [1, 2] })
 * cache.get('key') // → { list: [1, 2] }
 * ```
 */
export class JSONDisk extends Disk {
  /** The name of the codec, which is recorded in the directory. */
  static override readonly codec: string = 'json'

  /** The level of zlib: 1, which is fast, unless the directory has another one in `compressLevel`. */
  override compressLevel = 1

  /**
   * The longest JSON text that is written or inflated, in bytes, 64 MiB: a damaged or hostile value cannot fill the
   * memory.
   */
  readonly maxLength: number = 64 * 1024 * 1024

  /** Makes a codec. Instances of classes are kept as what their `toJSON` gives, or as plain objects. */
  constructor(options: DiskOptions = {}) {
    // A subclass may hand on options of its own.
    if (isJSONDisk(new.target)) checkOptions('the options of JSONDisk', options, DISK_OPTION_NAMES)
    const { classes = 'plain', compression } = options
    super({ classes })
    if (compression !== undefined)
      throw new TypeError('Cannot use compression with JSONDisk: it always compresses; use compressLevel')
    if (classes === 'plain') return
    throw new TypeError('Cannot use classes with JSONDisk: JSON keeps none; give them a toJSON, or use Disk')
  }

  override encodeValue(value: unknown): EncodedValue {
    const json = Buffer.from(stringify(value), 'utf8')
    if (json.length > this.maxLength) {
      throw new DiskCacheError(
        'ERR_DISKCACHE_UNSUPPORTED_VALUE',
        `Cannot store value: its JSON has ${json.length} bytes, more than maxLength ${this.maxLength}`,
      )
    }
    return { mode: Mode.raw, data: deflateSync(json, { level: this.compressLevel }) }
  }

  override decodeValue(_mode: Mode, data: Column): unknown {
    try {
      const json = inflated(this.maxLength, (maxOutputLength) =>
        inflateSync(data as Buffer, { maxOutputLength }),
      )
      return JSON.parse(json.toString('utf8'))
    } catch (cause) {
      if (cause instanceof DiskCacheError) throw cause
      throw new DiskCacheError('ERR_DISKCACHE_CORRUPT', 'Cannot decode a value: it is no compressed JSON', {
        cause,
      })
    }
  }
}

/** Returns whether a class is `JSONDisk` itself. A class that names itself is bundled under another name. */
function isJSONDisk(type: unknown): boolean {
  return type === JSONDisk
}

function stringify(value: unknown): string {
  let cause: unknown
  try {
    const json = JSON.stringify(value)
    if (json !== undefined) return json
  } catch (error) {
    cause = error
  }
  const message = `Cannot store value: JSON has no form for it (a ${typeof value})`
  throw new DiskCacheError('ERR_DISKCACHE_UNSUPPORTED_VALUE', message, { cause })
}
