import { Readable } from 'node:stream'
import { quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'
import type { ByteRange } from './byte-range.ts'

/** Some of the bytes of a value, and how many it has. */
export interface SizedStream {
  /** The bytes that were asked for. */
  readonly stream: Readable
  /** The number of bytes that the whole value has. */
  readonly size: number
}

/**
 * Returns a range of the bytes of a value in memory as a stream; throws `TypeError` for a value that is neither bytes
 * nor a string.
 */
export function valueStream(key: Key, value: unknown, range: ByteRange): SizedStream {
  if (typeof value === 'string') return valueStream(key, Buffer.from(value, 'utf8'), range)
  if (value instanceof Uint8Array)
    return { stream: bytesStream(value.subarray(range.start, range.end)), size: value.byteLength }
  throw new TypeError(
    `Cannot read ${quote(key)} as a stream: its value ${quote(value)} is neither bytes nor a string`,
  )
}

/** Returns bytes as a stream. */
export function bytesStream(bytes: Uint8Array): Readable {
  return Readable.from(bytes.byteLength === 0 ? [] : [bytes], { objectMode: false })
}
