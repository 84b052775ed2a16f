import { isUtf8 } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import { quote } from './argument-check.ts'

/** The path of a directory, as `node:fs` takes it: a string, a `file:` URL, or the bytes of a path in UTF-8. */
export type DirectoryPath = string | URL | Uint8Array

/** Returns whether a value is meant as a path. */
export function isPath(value: unknown): value is DirectoryPath {
  return typeof value === 'string' || value instanceof Uint8Array || isUrl(value)
}

/**
 * Returns a path as a string; throws `TypeError` for what is no path and `RangeError` for an empty one, which would be
 * the working directory, or for bytes that are no UTF-8.
 */
export function directoryPath(directory: unknown): string {
  const path = asString(directory)
  if (path !== '') return path
  throw new RangeError('Cannot use directory: it is empty; name one, or leave it out for a temporary one')
}

function asString(directory: unknown): string {
  if (typeof directory === 'string') return directory
  if (directory instanceof Uint8Array) {
    if (isUtf8(directory)) return Buffer.from(directory).toString('utf8')
    throw new RangeError(`Cannot use directory ${quote(directory)}: SQLite takes paths in UTF-8 only`)
  }
  if (isUrl(directory) && directory.protocol === 'file:') return fileURLToPath(directory)
  throw new TypeError(
    `Cannot use directory: expected a string, a file: URL or bytes, got ${quote(directory)}`,
  )
}

/** Returns whether a value is a `URL`, of whichever realm. */
function isUrl(value: unknown): value is URL {
  return Object.prototype.toString.call(value) === '[object URL]'
}
