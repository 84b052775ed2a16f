import { Readable } from 'node:stream'
import {
  type ByteRange,
  type ByteSource,
  bytesStream,
  ColumnForm,
  type Disk,
  type Key,
  Mode,
  rangeWithin,
  type StreamedEntry,
  valueStream,
} from '@diskcache/core'
import { type ChunkReference, decodeEntry, isReference } from '../bytes/entry-bytes.ts'
import { keepsRaw } from '../bytes/keeps-raw.ts'
import { LOOK, type LookReply } from '../scripts/look.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import { type Chunks, INLINE_LIMIT } from './chunks/chunks.ts'
import { pieces } from './chunks/pieces.ts'
import { besideValue, type EntryReader } from './entry-reader.ts'
import type { Operations } from './order/operations.ts'

interface StreamParts {
  readonly commands: Commands
  readonly chunks: Chunks
  readonly reader: EntryReader
  readonly operations: Operations
  readonly disk: Disk
}

/** Values as streams of bytes, in memory that does not grow with them. */
export class Streams {
  readonly #commands: Commands
  readonly #chunks: Chunks
  readonly #reader: EntryReader
  readonly #operations: Operations
  readonly #keepsRaw: boolean
  /** Whether bytes are kept as they are written. */
  readonly keepsStreams: boolean

  constructor({ commands, chunks, reader, operations, disk }: StreamParts) {
    this.#commands = commands
    this.#chunks = chunks
    this.#reader = reader
    this.#operations = operations
    this.#keepsRaw = keepsRaw(disk)
    this.keepsStreams = disk.keepsStreams
  }

  async read(key: Key, name: string, range: ByteRange, deadline: Deadline): Promise<Readable | undefined> {
    const entry = (await this.#commands.send(name, ['GET', name], deadline)) as Buffer | null
    const chunks = entry === null ? undefined : this.#plainChunks(entry)
    const stream = chunks && (await this.#open(name, chunks, range, deadline))
    if (stream !== undefined) return stream
    const found = await this.#reader.valueOf(name, entry, deadline)
    return found && valueStream(key, found.value, range).stream
  }

  /** The same, with all that the entry says beside its value. */
  async readEntry(
    key: Key,
    name: string,
    range: ByteRange,
    deadline: Deadline,
  ): Promise<StreamedEntry | undefined> {
    const reply = (await this.#commands.run(LOOK, [name], [], deadline)) as LookReply
    const [entry, time] = reply
    if (entry === null) return undefined
    const chunks = this.#plainChunks(entry)
    if (chunks !== undefined) {
      const stored = decodeEntry(entry)
      const metadata = this.#reader.metadataOf(name, stored)
      const beside = besideValue({ stored, metadata, expireTime: time < 0 ? null : time })
      const stream = await this.#open(name, chunks, range, deadline)
      if (stream !== undefined) return { stream, size: chunks.size, ...beside }
    }
    const found =
      (await this.#reader.load(name, reply, deadline)) ?? (await this.#reader.look(name, deadline)).entry
    return found && { ...valueStream(key, found.value, range), ...besideValue(found) }
  }

  /**
   * Takes a source to Redis. Gives the bytes themselves when they are few, else where their chunks are; `undefined` when
   * they are more than the limit.
   */
  async upload(
    name: string,
    source: ByteSource,
    signal: AbortSignal,
    limit: number,
  ): Promise<Buffer | ChunkReference | undefined> {
    const upload = this.#chunks.begin(name)
    const add = (piece: Buffer) => this.#operations.within(signal, (deadline) => upload.add(piece, deadline))
    try {
      let last: Buffer = Buffer.alloc(0)
      for await (const piece of pieces(source, signal)) {
        if (upload.size + last.length + piece.length > limit) return upload.drop()
        if (last.length > 0) await add(last)
        last = piece
      }
      const isShort = upload.size === 0 && last.length <= INLINE_LIMIT
      if (!isShort) await add(last)
      await upload.settled()
      const reference = upload.finish(ColumnForm.bytes)
      return isShort ? last : reference
    } catch (error) {
      upload.drop()
      throw error
    }
  }

  /** The chunks of an entry whose bytes are those of the value. */
  #plainChunks(entry: Buffer): ChunkReference | undefined {
    const { mode, data } = decodeEntry(entry)
    const isPlain = mode === Mode.stream ? this.keepsStreams : mode === Mode.raw && this.#keepsRaw
    return isPlain && isReference(data) ? data : undefined
  }

  /** Reads the first chunk of the range, so that it is known whether they are there. */
  async #open(
    name: string,
    reference: ChunkReference,
    range: ByteRange,
    deadline: Deadline,
  ): Promise<Readable | undefined> {
    const part = rangeWithin(reference.size, range)
    if (part.start === part.end) {
      const areThere = await this.#chunks.areThere(name, reference, deadline)
      return areThere ? bytesStream(Buffer.alloc(0)) : undefined
    }
    const chunks = this.#chunks.stream(name, reference, part)
    const first = await chunks.next()
    return first.done ? undefined : Readable.from(resumed(first.value, chunks), { objectMode: false })
  }
}

/** No generator: one that was never asked for anything would not end `rest` when it is ended. */
function resumed(first: Buffer, rest: AsyncGenerator<Buffer, undefined>): AsyncIterableIterator<Buffer> {
  let isFirst = true
  return {
    async next() {
      if (!isFirst) return rest.next()
      isFirst = false
      return { done: false, value: first }
    },
    return: () => rest.return(undefined),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
