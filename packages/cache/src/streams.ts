import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  type ByteSource,
  diskFull,
  type EntryRow,
  type Key,
  type KeyColumns,
  quote,
  type WriteOptions,
} from '@diskcache/core'
import type { Command } from './command.ts'
import type { EntryWriter } from './entry-writer.ts'
import type { OpenCache } from './open-cache.ts'
import type { PreparedValue } from './prepared-value.ts'
import { untilAborted } from './until-aborted.ts'
import type { LoadedEntry, ValueReader } from './value-reader.ts'
import { checkWriteOptions, isExpired, rowOptions } from './write-options.ts'

/**
 * Bytes that a file stream reads at a time. With Node's 64 KiB the chunks of a long file pile up to 60 MiB before the
 * garbage collector minds; with these, to 35.
 */
const CHUNK = 32 * 1024

/** How often a file that is being written is marked as alive, in milliseconds, lest a sweep takes it for an orphan. */
const HEARTBEAT = 60_000

/** Values as streams of bytes, in memory that does not grow with them. */
export class Streams {
  readonly #cache: OpenCache
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(cache: OpenCache, reader: ValueReader, writer: EntryWriter) {
    this.#cache = cache
    this.#reader = reader
    this.#writer = writer
  }

  read(key: Key): Readable | undefined {
    const { directory } = this.#cache
    const now = this.#cache.now()
    const columns = directory.disk.encodeKey(key)
    const row = directory.entries.find(columns)
    const stream = row && this.#openFile(row, now)
    const loaded = stream === undefined ? this.#reader.finish(columns, now, row) : undefined
    this.#cache.noteRead(columns, stream === undefined ? loaded?.row.rowid : row?.rowid, now)
    return stream ?? (loaded && this.#fromMemory(key, loaded))
  }

  /**
   * Copies a source into a file, for `commit` to make an entry of it; gives what that gives. `false`: it is larger than
   * the size limit. The file is removed when anything fails.
   */
  async write(
    key: Key,
    source: ByteSource,
    options: WriteOptions | undefined,
    commit: (command: Command<boolean>, prepared: PreparedValue) => boolean | Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    checkSource(source)
    const { directory } = this.#cache
    const columns = directory.disk.encodeKey(key)
    checkWriteOptions(options)
    const { sizeLimit } = this.#cache.settingsAt(this.#cache.now())
    const { filename, handle } = await directory.files.create()
    try {
      const size = await this.#pour(untilAborted(source, signal), handle, sizeLimit)
      if (size !== undefined) {
        this.#cache.enter()
        const prepared = { mode: this.#reader.streamMode, inline: null, filename, size, isKept: false }
        return await commit(this.#putCommand(columns, options), prepared)
      }
    } catch (error) {
      directory.files.remove(filename)
      throw diskFull(error)
    }
    directory.files.remove(filename)
    return false
  }

  #putCommand(columns: KeyColumns, options: WriteOptions | undefined): Command<boolean> {
    return {
      lanes: [columns],
      values: [],
      apply: ([prepared], now) => {
        this.#writer.put(columns, prepared as PreparedValue, rowOptions(options, now), now)
        return true
      },
    }
  }

  /** Copies the source into the file and gives its length; `undefined` as soon as that exceeds `limit`. */
  async #pour(
    source: AsyncIterable<unknown>,
    handle: FileHandle,
    limit: number,
  ): Promise<number | undefined> {
    const heartbeat = setInterval(
      () => handle.utimes(new Date(), new Date()).catch(() => {}),
      HEARTBEAT,
    ).unref()
    try {
      let size = 0
      for await (const chunk of source) {
        this.#cache.enter()
        const bytes = bytesOf(chunk)
        size += bytes.byteLength
        if (size > limit) return undefined
        await writeAll(handle, bytes)
      }
      return size
    } finally {
      clearInterval(heartbeat)
      await handle.close()
    }
  }

  /** A stream of the row's file, when that holds the value's bytes as they are. */
  #openFile(row: EntryRow, now: number): Readable | undefined {
    if (isExpired(row.expireTime, now) || row.filename === null || !this.#reader.isPlainFile(row))
      return undefined
    const fd = this.#cache.directory.files.open(row.filename, Number(row.size))
    return fd === undefined ? undefined : createReadStream('', { fd, start: 0, highWaterMark: CHUNK })
  }

  #fromMemory(key: Key, { value }: LoadedEntry): Readable {
    if (typeof value === 'string') return streamOf(Buffer.from(value, 'utf8'))
    if (value instanceof Uint8Array) return streamOf(value)
    throw new TypeError(
      `Cannot read ${quote(key)} as a stream: its value ${quote(value)} is neither bytes nor a string`,
    )
  }
}

function checkSource(source: unknown): void {
  if (typeof (source as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === 'function') return
  throw new TypeError(`Cannot use source: expected a stream or an async iterable, got ${quote(source)}`)
}

function streamOf(bytes: Uint8Array): Readable {
  return Readable.from(bytes.byteLength === 0 ? [] : [bytes], { objectMode: false })
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8')
  throw new TypeError(`Cannot write a chunk: expected bytes or a string, got ${quote(chunk)}`)
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.byteLength - at)
    at += bytesWritten
  }
}
