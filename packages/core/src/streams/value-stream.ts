import { Readable } from 'node:stream'
import { quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'

/**
 * Returns the bytes of a value in memory as a stream; throws `TypeError` for a value that is neither bytes nor a
 * string.
 */
export function valueStream(key: Key, value: unknown): Readable {
  if (typeof value === 'string') return valueStream(key, Buffer.from(value, 'utf8'))
  if (value instanceof Uint8Array)
    return Readable.from(value.byteLength === 0 ? [] : [value], { objectMode: false })
  throw new TypeError(
    `Cannot read ${quote(key)} as a stream: its value ${quote(value)} is neither bytes nor a string`,
  )
}
