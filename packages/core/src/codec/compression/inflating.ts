import { DiskCacheError } from '../../contract/errors.ts'

let mostBytes = Infinity

/**
 * Runs what reads a value, so that of compressed bytes at most so many are made.
 *
 * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that has more of them
 */
export function inflatingAtMost<T>(bytes: number, read: () => T): T {
  const before = mostBytes
  mostBytes = bytes
  try {
    return read()
  } finally {
    mostBytes = before
  }
}

/**
 * Inflates bytes, to at most as many as a codec allows, or the caller of {@link inflatingAtMost}.
 *
 * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for more than the caller allows
 * @throws an error of zlib for damaged bytes, and for more than the codec allows
 */
export function inflated(maxLength: number, inflate: (maxOutputLength: number) => Buffer): Buffer {
  const most = mostBytes
  if (most >= maxLength) return inflate(maxLength)
  try {
    return inflate(Math.max(1, Math.floor(most)))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw cause
    const message = `Cannot decode a value: it is compressed, and has more than ${most} bytes when it is not`
    throw new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', message, { cause })
  }
}
