import { close, createReadStream, read } from 'node:fs'
import type { Readable } from 'node:stream'
import { type ByteRange, bytesStream } from '@diskcache/core'

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

/** What a stream of a file fails with. */
export interface FileStreamErrors {
  /** Returns the error for one of the operating system. */
  readonly ofRead: (error: unknown) => unknown
  /** Returns the error for a file that ends within the range. */
  readonly ofEarlyEnd: () => unknown
}

/** Returns a stream of a range of an open file, which it closes. The range must be within the file. */
export function fileStream(fd: number, { start, end }: ByteRange, errors: FileStreamErrors): Readable {
  if (start === end) {
    close(fd, () => {})
    return bytesStream(Buffer.alloc(0))
  }
  const typedRead = (...[descriptor, bytes, offset, length, position, callback]: ReadArguments) =>
    read(descriptor, bytes, offset, length, position, (error, count, buffer) => {
      const failure = error ? errors.ofRead(error) : count === 0 ? errors.ofEarlyEnd() : null
      callback(failure as NodeJS.ErrnoException | null, count, buffer)
    })
  const fs = { read: typedRead as typeof read, close }
  // For Node, the last byte is the one at `end`.
  return createReadStream('', { fd, fs, start, end: end - 1, highWaterMark: CHUNK_BYTES })
}
