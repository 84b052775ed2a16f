import { close, createReadStream, read } from 'node:fs'
import type { Readable } from 'node:stream'

/**
 * The number of bytes that a file stream reads at a time. With Node's 64 KiB the chunks of a long file pile up to 60
 * MiB before the garbage collector minds; with these, to 35.
 */
const CHUNK_BYTES = 32 * 1024

type ReadArguments = [
  fd: number,
  bytes: Buffer,
  offset: number,
  length: number,
  position: number | null,
  callback: (error: NodeJS.ErrnoException | null, count: number, buffer: Buffer) => void,
]

/**
 * Returns a stream of the bytes of an open file, which it closes. When a read fails, it fails with what `toError` makes
 * of the operating system's error.
 */
export function fileStream(fd: number, toError: (error: unknown) => unknown): Readable {
  const typedRead = (...[descriptor, bytes, offset, length, position, callback]: ReadArguments) =>
    read(descriptor, bytes, offset, length, position, (error, count, buffer) =>
      callback(error && (toError(error) as NodeJS.ErrnoException), count, buffer),
    )
  const fs = { read: typedRead as typeof read, close }
  return createReadStream('', { fd, fs, start: 0, highWaterMark: CHUNK_BYTES })
}
