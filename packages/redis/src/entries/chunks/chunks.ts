import { type ByteRange, type ColumnForm, corruptEntry, DiskCacheError } from '@diskcache/core'
import type { ChunkReference } from '../../bytes/entry-bytes.ts'
import { chunksKey } from '../../bytes/entry-key.ts'
import { READ_CHUNKS } from '../../scripts/read-chunks.ts'
import { READING_TIME } from '../../scripts/script-parts.ts'
import type { Commands } from '../../server/commands.ts'
import type { Deadline, DeadlineWatch } from '../../server/deadline.ts'
import { ChunkUpload } from './chunk-upload.ts'
import type { Retired } from './retired.ts'

/** Values of more bytes than this are in chunks. */
export const INLINE_LIMIT = 64 * 1024

/**
 * Bytes per chunk: what one command carries at most. With what Redis adds, that is one of the sizes in which it takes
 * memory; a little more would take a fifth more.
 */
export const CHUNK_SIZE = 256 * 1024 - 64

/** How many chunks one command asks for, and how many commands are under way at a time. */
const AT_ONCE = 4
const UNDER_WAY = 4

/** The field of no chunk. */
const NONE = '-'

/**
 * The chunks of large values. Those of one value are the fields of a hash of their own with a random name, so that a
 * value which is replaced can be read to its end, and one that is being written is seen by nobody. They have a time to
 * live until the entry refers to them, and again when it does not any more.
 */
export class Chunks {
  readonly #commands: Commands
  readonly #retired: Retired
  readonly #watch: DeadlineWatch

  constructor(commands: Commands, retired: Retired, watch: DeadlineWatch) {
    this.#commands = commands
    this.#retired = retired
    this.#watch = watch
  }

  /**
   * Writes a value's bytes under a fresh name, and resolves when the last of them are under way, so that the command
   * which makes the entry travels with them.
   */
  async write(key: string, bytes: Buffer, form: ColumnForm, deadline: Deadline): Promise<SentChunks> {
    const upload = this.begin(key)
    try {
      for (let at = 0; at < bytes.length; at += CHUNK_SIZE)
        await upload.add(bytes.subarray(at, at + CHUNK_SIZE), deadline)
      const reference = upload.finish(form)
      return { reference, sent: upload.settled() }
    } catch (error) {
      upload.drop()
      throw error
    }
  }

  /** Begins a value that comes piece by piece. */
  begin(key: string): ChunkUpload {
    return new ChunkUpload(this.#commands, this.#retired, this.#watch, key)
  }

  /** Whether all of them are there. */
  async areThere(key: string, { id, count }: ChunkReference, deadline: Deadline): Promise<boolean> {
    const name = chunksKey(key, id)
    return Number(await this.#commands.send(name, ['HLEN', name], deadline)) >= count
  }

  /** All bytes in one piece; `undefined` when not all of them are there. */
  async read(key: string, reference: ChunkReference, deadline: Deadline): Promise<Buffer | undefined> {
    let whole: Buffer | undefined
    const window = AT_ONCE * UNDER_WAY
    let length = 0
    for (let first = 0; first < reference.count; first += window) {
      const isPart = reference.count > window
      for (const chunk of await this.#window(key, reference, first, isPart, deadline)) {
        if (chunk === null || length + chunk.length > reference.size) return undefined
        // Not before something is there: a reference that is not true can name any size.
        whole ??= allocate(reference.size)
        length += chunk.copy(whole, length)
      }
      deadline.extend()
    }
    return length === reference.size ? whole : undefined
  }

  /**
   * A range of the bytes, as they stand in chunks, of which only those are read that have any of it; none when the first
   * of them is not there, or not what it should be. Those that are retired stay for as long as they are being read.
   */
  async *stream(
    key: string,
    reference: ChunkReference,
    { start, end }: ByteRange,
  ): AsyncGenerator<Buffer, undefined> {
    const first = Math.floor(start / CHUNK_SIZE)
    const needed = { ...reference, count: Math.ceil(end / CHUNK_SIZE) }
    const heartbeat = setInterval(() => this.#prolong(key, reference), READING_TIME / 3).unref()
    try {
      for (let next = first; next < needed.count; next += AT_ONCE) {
        for (const [i, chunk] of (await this.#next(key, needed, next)).entries()) {
          const at = (next + i) * CHUNK_SIZE
          if (chunk?.length === Math.min(CHUNK_SIZE, reference.size - at))
            yield chunk.subarray(Math.max(0, start - at), end - at)
          else if (next + i === first) return
          else throw chunk === null ? chunksGone() : corruptEntry()
        }
      }
    } finally {
      clearInterval(heartbeat)
    }
  }

  /** With a limit of time that ends when they are here: whoever reads may take his. */
  #next(key: string, reference: ChunkReference, first: number): Promise<(Buffer | null)[]> {
    return this.#watch.run((deadline) => this.#fetch(key, reference, first, true, deadline))
  }

  async #window(
    key: string,
    reference: ChunkReference,
    from: number,
    isPart: boolean,
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    const firsts = Array.from({ length: UNDER_WAY }, (_, i) => from + i * AT_ONCE)
    const fetches = firsts
      .filter((first) => first < reference.count)
      .map((first) => this.#fetch(key, reference, first, isPart && first === from, deadline))
    return (await Promise.all(fetches)).flat()
  }

  /** `isReading`: others will be asked for afterwards. */
  async #fetch(
    key: string,
    { id, count }: ChunkReference,
    first: number,
    isReading: boolean,
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    const name = chunksKey(key, id)
    const fields = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => String(first + i))
    const reply = isReading
      ? this.#commands.run(READ_CHUNKS, [name], fields, deadline)
      : this.#commands.send(name, ['HMGET', name, ...fields], deadline)
    return (await reply) as (Buffer | null)[]
  }

  /** Failure shows when the next chunk is read. */
  async #prolong(key: string, { id }: ChunkReference): Promise<void> {
    const prolong = (deadline: Deadline) =>
      this.#commands.run(READ_CHUNKS, [chunksKey(key, id)], [NONE], deadline)
    await this.#watch.run(prolong).catch(() => {})
  }
}

/** Chunks on their way. */
export interface SentChunks {
  readonly reference: ChunkReference
  /** Resolves when the server has them. */
  readonly sent: Promise<void>
}

function chunksGone(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_CORRUPT',
    'Cannot read on: Redis has removed the rest of the value',
  )
}

function allocate(size: number): Buffer {
  try {
    return Buffer.allocUnsafe(size)
  } catch {
    throw corruptEntry()
  }
}
