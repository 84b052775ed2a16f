import type { FileHandle } from 'node:fs/promises'
import { pipeline, type Readable, Transform } from 'node:stream'
import {
  type ByteRange,
  type ByteSource,
  checkSource,
  chunksOf,
  collectBytes,
  DiskCacheError,
  type EncodedKey,
  type Key,
  quote,
  rangeWithin,
  type SizedStream,
  type StreamedEntry,
  type StreamWriteOptions,
  splitMetadata,
  valueStream,
  type WriteOptions,
} from '@diskcache/core'
import { areMetadataIntact, BytesSum, type EntryRow } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { PreparedValue } from '../entries/prepared-value.ts'
import { DAMAGED, type ValueReader } from '../entries/value-reader.ts'
import { besideValue, checkWriteOptions, isExpired, rowOptions } from '../entries/write-options.ts'
import { fileStream } from './file-stream.ts'

/**
 * The interval, in milliseconds, after which a file that is being written is marked as alive again, lest a sweep
 * takes it for an orphan.
 */
const HEARTBEAT_MS = 60_000

/**
 * The largest value, in bytes, that is read whole, and compared with its checksum, for a part of it: as long as that
 * takes no longer than to open a stream.
 */
const MAX_CHECKED_BYTES = 2 ** 20

/** Reads and writes values as streams of bytes, in memory that does not grow with them. */
export class Streams {
  readonly #context: CacheContext
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(context: CacheContext, reader: ValueReader, writer: EntryWriter) {
    this.#context = context
    this.#reader = reader
    this.#writer = writer
  }

  /** Returns a stream of a range of the bytes of a live value, or `undefined` when there is none. */
  read(key: Key, range: ByteRange): Readable | undefined {
    return this.#open(key, this.#context.directory.disk.encodeKey(key), range)?.stream
  }

  /** Returns the same with all that stands beside the value, in the row that names its file. */
  readEntry(key: Key, range: ByteRange): StreamedEntry | undefined {
    const encodedKey = this.#context.directory.disk.encodeKey(key)
    const opened = this.#open(key, encodedKey, range)
    if (opened === undefined) return undefined
    const { row, stream, size } = opened
    const entry = { stream, size, ...besideValue(row) }
    const metadata = this.#metadataOf(opened, encodedKey)
    if (metadata === undefined) return entry
    if (metadata !== DAMAGED) return { ...entry, metadata }
    this.#reader.removeDamaged(row, encodedKey)
    return undefined
  }

  #metadataOf({ row, stream }: OpenedStream, encodedKey: EncodedKey): unknown {
    let metadata: unknown = DAMAGED
    try {
      metadata = this.#reader.metadataOf(row, encodedKey)
      return metadata
    } finally {
      if (metadata === DAMAGED) stream.destroy()
    }
  }

  #open(key: Key, encodedKey: EncodedKey, range: ByteRange): OpenedStream | undefined {
    const now = this.#context.now()
    const row = this.#context.directory.entries.find(encodedKey)
    const stream = row && this.#openFile(row, encodedKey, now, range)
    const loaded = stream === undefined ? this.#reader.loadFrom(encodedKey, now, row) : undefined
    this.#context.noteRead(encodedKey, stream === undefined ? loaded?.row : row, now)
    if (stream !== undefined) return { row: row as EntryRow, stream, size: Number(row?.size) }
    return loaded && { row: loaded.row, ...valueStream(key, loaded.value, range) }
  }

  /**
   * Copies a source into a file, for `commit` to make an entry of, and resolves to what `commit` results in, or to
   * `false` when the source is larger than the size limit. The file is removed when anything fails. Where the codec does
   * not keep streams as they are, it is collected in memory instead.
   */
  async write(
    key: Key,
    source: ByteSource,
    options: StreamWriteOptions | undefined,
    commit: (command: Command<boolean>, prepared: PreparedValue[]) => boolean | Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    checkSource(source)
    const { directory } = this.#context
    const encodedKey = directory.disk.encodeKey(key)
    const [metadata, given] = splitMetadata(options)
    const write = checkWriteOptions(given, this.#context.ttl)
    const beside = this.#writer.besideFile(metadata)
    const { sizeLimit } = this.#context.settingsAt(this.#context.now())
    if (!directory.disk.keepsStreams) {
      const prepared = await this.#encode(source, beside, sizeLimit, signal)
      if (prepared === undefined) return commit(this.#refuseCommand(encodedKey), [])
      return commit(this.#putCommand(encodedKey, write), [prepared])
    }
    const file = await directory.files.create().catch((error: unknown) => {
      throw this.#writer.forgetOnFullDisk(this.#putCommand(encodedKey, write), error)
    })
    const { filename } = file
    try {
      const poured = await this.#pour(chunksOf(source, signal), file, sizeLimit)
      if (poured !== undefined) {
        this.#context.assertUsable()
        const prepared = { mode: this.#reader.streamMode, inline: beside, filename, ...poured, isKept: false }
        return await commit(this.#putCommand(encodedKey, write), [prepared])
      }
    } catch (error) {
      directory.files.remove(filename)
      throw this.#writer.forgetOnFullDisk(this.#putCommand(encodedKey, write), error)
    }
    directory.files.remove(filename)
    return commit(this.#refuseCommand(encodedKey), [])
  }

  /** Resolves to the bytes of a source as a value, or to `undefined` when they are more than can be stored or collected. */
  async #encode(
    source: ByteSource,
    beside: Buffer | null,
    sizeLimit: number,
    signal: AbortSignal | undefined,
  ): Promise<PreparedValue | undefined> {
    const bytes = await collectBytes(source, sizeLimit, signal)
    this.#context.assertUsable()
    return bytes && this.#writer.prepareAsync(this.#writer.planBeside(bytes, beside))
  }

  #refuseCommand(encodedKey: EncodedKey): Command<boolean> {
    return { orderKeys: [encodedKey], values: [], apply: () => this.#writer.refuse(encodedKey) }
  }

  #putCommand(encodedKey: EncodedKey, options: WriteOptions | undefined): Command<boolean> {
    return {
      orderKeys: [encodedKey],
      values: [],
      isReplacement: true,
      apply: ([prepared], now) => {
        this.#writer.put(encodedKey, prepared as PreparedValue, rowOptions(options, now), now)
        return true
      },
    }
  }

  /**
   * Copies the chunks into the file and resolves to its length and checksum, or to `undefined` as soon as the length
   * exceeds `limit`.
   */
  async #pour(
    chunks: AsyncIterable<Uint8Array>,
    file: NewFile,
    limit: number,
  ): Promise<Pick<PreparedValue, 'size' | 'fileSum'> | undefined> {
    const { files, sums } = this.#context.directory
    const { filename, handle } = file
    const sum = sums.isOn ? new BytesSum() : undefined
    const heartbeat = setInterval(
      () => handle.utimes(new Date(), new Date()).catch(() => {}),
      HEARTBEAT_MS,
    ).unref()
    try {
      let size = 0
      for await (const bytes of chunks) {
        this.#context.assertUsable()
        size += bytes.byteLength
        if (size > limit) return await abandon(file)
        sum?.add(bytes)
        await writeAll(handle, bytes).catch((error) => {
          throw files.writeError(filename, error)
        })
      }
      await files.complete(filename, handle)
      return { size, fileSum: sum?.end() ?? null }
    } catch (error) {
      await abandon(file)
      throw error
    } finally {
      clearInterval(heartbeat)
    }
  }

  /**
   * Returns a stream of a range of the row's file, when that holds the bytes of the value as they are, and is not better
   * read in one piece.
   */
  #openFile(row: EntryRow, key: EncodedKey, now: number, range: ByteRange): Readable | undefined {
    const { filename } = row
    if (isExpired(row.expireTime, now) || filename === null || !this.#reader.isPlainFile(row))
      return undefined
    const { directory } = this.#context
    // A row that may not be without a checksum, and is, gets no stream either.
    if (!directory.isKeyIntact(row, key) || !areMetadataIntact(row)) return undefined
    const size = Number(row.size)
    const part = rangeWithin(size, range)
    // The checksum is of all bytes.
    const isWhole = part.end - part.start === size
    const hasSum = directory.sums.has(row)
    if (hasSum && !isWhole && size <= MAX_CHECKED_BYTES) return undefined
    const fd = directory.files.open(filename, size)
    if (fd === undefined) return undefined
    const stream = fileStream(fd, part, {
      ofRead: (error) => directory.files.readError(filename, error),
      ofEarlyEnd: () => this.#damaged(row, key),
    })
    return hasSum && isWhole ? this.#verified(stream, row, key) : stream
  }

  /** Passes the bytes of a file on, and fails at their end when they are not those that were written. */
  #verified(stream: Readable, row: EntryRow, key: EncodedKey): Readable {
    const sum = new BytesSum()
    const verified = new Transform({
      transform: (bytes: Buffer, _, next) => {
        sum.add(bytes)
        next(null, bytes)
      },
      flush: (end) => {
        if (this.#context.directory.sums.matchesFile(row, key, sum.end())) end()
        else end(this.#damaged(row, key))
      },
    })
    // Whoever reads hears of a failure by the stream itself.
    pipeline(stream, verified, () => {})
    return verified
  }

  /** Removes a row whose file is not what was written, and returns the error for those who are reading it. */
  #damaged(row: EntryRow, encodedKey: EncodedKey): DiskCacheError {
    this.#reader.removeDamaged(row, encodedKey)
    const key = this.#context.directory.disk.decodeKey(encodedKey)
    const message = `Cannot read the value of ${quote(key)} to its end: its bytes have changed on disk`
    return new DiskCacheError('ERR_DISKCACHE_CORRUPT', message, { key })
  }
}

/** A stream that was opened, and the row that it is of. */
interface OpenedStream extends SizedStream {
  readonly row: EntryRow
}

/** A file that is being written. */
interface NewFile {
  readonly filename: string
  readonly handle: FileHandle
}

/** Closes a file that is not wanted any more. A second close fails, and does nothing. */
async function abandon({ handle }: NewFile): Promise<undefined> {
  await handle.close().catch(() => {})
  return undefined
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.byteLength - at)
    at += bytesWritten
  }
}
