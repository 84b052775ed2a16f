import {
  type Column,
  columnBytes,
  type Disk,
  type FormedBytes,
  type Mode,
  tooLargeError,
} from '@diskcache/core'
import { INLINE_LIMIT } from './chunks/chunks.ts'

/** A value that is to be stored: in the entry itself or, when it is long, in chunks. */
export interface PlannedValue {
  readonly mode: Mode
  readonly inline: Column
  readonly long: FormedBytes | undefined
}

/** Encodes values. */
export class ValuePlanner {
  /** Bytes that a value may have. */
  readonly limit: number
  readonly #disk: Disk

  constructor(disk: Disk, limit: number) {
    this.#disk = disk
    this.limit = limit
  }

  /** `undefined` for one that is too large; throws `ERR_DISKCACHE_UNSUPPORTED_VALUE` for what the codec refuses. */
  plan(value: unknown): PlannedValue | undefined {
    const { mode, data } = this.#disk.encodeValue(value)
    if (longestLength(data) <= Math.min(INLINE_LIMIT, this.limit))
      return { mode, inline: data, long: undefined }
    const long = columnBytes(data)
    if (long.bytes.length > this.limit) return undefined
    return long.bytes.length > INLINE_LIMIT
      ? { mode, inline: null, long }
      : { mode, inline: data, long: undefined }
  }

  /** For operations whose result cannot say that nothing was stored. */
  planOrThrow(value: unknown): PlannedValue {
    const planned = this.plan(value)
    if (planned === undefined) throw tooLargeError()
    return planned
  }
}

/** Bytes that a column takes at most. */
function longestLength(data: Column): number {
  // UTF-8 takes at most three bytes for a unit of UTF-16.
  if (typeof data === 'string') return data.length * 3
  return Buffer.isBuffer(data) ? data.length : 8
}
