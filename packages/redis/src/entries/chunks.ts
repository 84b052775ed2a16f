import { randomBytes } from 'node:crypto'
import { DiskCacheError } from '@diskcache/core'
import { Form } from '../bytes/column-bytes.ts'
import { type ChunkReference, referenceIn } from '../bytes/entry-bytes.ts'
import { ADD_CHUNK } from '../scripts/add-chunk.ts'
import { KEEP_CHUNKS } from '../scripts/keep-chunks.ts'
import { LOOK, type LookReply } from '../scripts/look.ts'
import { RETIRE_CHUNKS } from '../scripts/retire-chunks.ts'
import type { Background } from '../server/background.ts'
import type { Commands } from '../server/commands.ts'
import { Deadline, type DeadlineWatch } from '../server/deadline.ts'

/** Values of more bytes than this are in chunks. */
export const INLINE_LIMIT = 64 * 1024

/** Bytes per chunk: what one command carries at most. */
export const CHUNK_SIZE = 256 * 1024

/** How long chunks live that belong to no entry: because they are still being written, or the writer died. */
const ORPHAN_TIME = 300_000

/** How often that is put off while a writer waits for its source. */
const HEARTBEAT = 60_000

/** How long the chunks of a value live that was replaced, or has expired, for those who are reading it; milliseconds. */
const READING_TIME = 60_000

/** How many chunks are asked for at a time. */
const READ_AHEAD = 4

/**
 * The chunks of large values. Those of one value are the fields of a hash of their own with a random name, so that a
 * value which is replaced can be read to its end, and one that is being written is seen by nobody. They have a time to
 * live until the entry refers to them, and again when it does not any more.
 */
export class Chunks {
  readonly #commands: Commands
  readonly #background: Background
  readonly #watch: DeadlineWatch

  constructor(commands: Commands, background: Background, watch: DeadlineWatch) {
    this.#commands = commands
    this.#background = background
    this.#watch = watch
  }

  /** Writes a value's bytes under a fresh name. */
  async write(key: string, bytes: Buffer, form: Form, deadline: Deadline): Promise<ChunkReference> {
    const upload = this.begin(key)
    try {
      for (let at = 0; at < bytes.length; at += CHUNK_SIZE)
        await upload.add(bytes.subarray(at, at + CHUNK_SIZE), deadline)
      return upload.finish(form)
    } catch (error) {
      upload.drop()
      throw error
    }
  }

  /** Begins a value that comes piece by piece. */
  begin(key: string): ChunkUpload {
    return new ChunkUpload(this, this.#commands, key)
  }

  /** Lets chunks live until `expireTime`, or for ever. */
  async keep(
    key: string,
    { id }: ChunkReference,
    expireTime: number | null,
    deadline: Deadline,
  ): Promise<void> {
    const until = expireTime === null ? 'none' : String(expireTime + READING_TIME)
    await this.#commands.run(KEEP_CHUNKS, chunkKey(key, id), [until], deadline)
  }

  /**
   * For a write that failed: when the entry refers to the chunks after all, since only the answer was lost, they live as
   * long as it does. Nobody waits for it.
   */
  settle(key: string, reference: ChunkReference): void {
    this.#background.start(async (deadline) => {
      const [entry, expireTime] = (await this.#commands.run(LOOK, key, [], deadline)) as LookReply
      if (referenceIn(entry)?.id.equals(reference.id) !== true) return
      await this.keep(key, reference, expireTime < 0 ? null : expireTime, deadline)
    })
  }

  /** Removes chunks when those who read them may be done; nobody waits for it. */
  retire(key: string, { id }: Pick<ChunkReference, 'id'>, time: number = READING_TIME): void {
    const name = chunkKey(key, id)
    this.#background.start((deadline) => this.#commands.run(RETIRE_CHUNKS, name, [String(time)], deadline))
  }

  /** Whether all of them are there. */
  async areThere(key: string, { id, count }: ChunkReference, deadline: Deadline): Promise<boolean> {
    const name = chunkKey(key, id)
    return Number(await this.#commands.send(name, ['HLEN', name], deadline)) >= count
  }

  /** All bytes in one piece; `undefined` when not all of them are there. */
  async read(key: string, reference: ChunkReference, deadline: Deadline): Promise<Buffer | undefined> {
    const whole = Buffer.allocUnsafe(reference.size)
    let length = 0
    for (let first = 0; first < reference.count; first += READ_AHEAD) {
      const last = Math.min(first + READ_AHEAD, reference.count)
      for (const chunk of await this.#fetch(key, reference, first, last, deadline)) {
        if (chunk === null || length + chunk.length > whole.length) return undefined
        length += chunk.copy(whole, length)
      }
      deadline.extend()
    }
    return length === whole.length ? whole : undefined
  }

  /**
   * Chunks one by one; none when they are gone. Those that are retired stay for as long as they are being read.
   */
  async *stream(key: string, reference: ChunkReference): AsyncGenerator<Buffer, undefined> {
    const heartbeat = setInterval(() => this.#prolong(key, reference), READING_TIME / 3).unref()
    try {
      for (let index = 0; index < reference.count; index++) {
        using deadline = new Deadline(this.#watch)
        const [chunk] = await this.#fetch(key, reference, index, index + 1, deadline)
        if (chunk) yield chunk
        else if (index === 0) return
        else throw chunksGone()
      }
    } finally {
      clearInterval(heartbeat)
    }
  }

  async #fetch(
    key: string,
    { id }: ChunkReference,
    first: number,
    last: number,
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    const name = chunkKey(key, id)
    const indexes = Array.from({ length: last - first }, (_, i) => String(first + i))
    return (await this.#commands.send(name, ['HMGET', name, ...indexes], deadline)) as (Buffer | null)[]
  }

  /** Only if they have a time to live, and a shorter one. Failure shows when the next chunk is read. */
  async #prolong(key: string, { id }: ChunkReference): Promise<void> {
    using deadline = new Deadline(this.#watch)
    const name = chunkKey(key, id)
    const prolong = ['PEXPIRE', name, String(READING_TIME), 'XX', 'GT']
    await this.#commands.send(name, prolong, deadline).catch(() => {})
  }

  /** Puts off the end of chunks that are being written. Failure shows when the next chunk is added. */
  async postpone(key: string, id: Buffer): Promise<void> {
    using deadline = new Deadline(this.#watch)
    const name = chunkKey(key, id)
    await this.#commands.send(name, ['PEXPIRE', name, String(ORPHAN_TIME)], deadline).catch(() => {})
  }
}

/** One value's chunks, on their way. */
export class ChunkUpload {
  readonly #chunks: Chunks
  readonly #commands: Commands
  readonly #key: string
  readonly #id = randomBytes(8)
  readonly #heartbeat: NodeJS.Timeout
  #count = 0
  #size = 0

  constructor(chunks: Chunks, commands: Commands, key: string) {
    this.#chunks = chunks
    this.#commands = commands
    this.#key = key
    this.#heartbeat = setInterval(() => chunks.postpone(key, this.#id), HEARTBEAT).unref()
  }

  /** At most {@link CHUNK_SIZE} bytes. */
  async add(bytes: Buffer, deadline: Deadline): Promise<void> {
    const name = chunkKey(this.#key, this.#id)
    await this.#commands.run(ADD_CHUNK, name, [String(this.#count), bytes, String(ORPHAN_TIME)], deadline)
    this.#count++
    this.#size += bytes.length
    deadline.extend()
  }

  /** Bytes that were added. */
  get size(): number {
    return this.#size
  }

  finish(form: Form): ChunkReference {
    clearInterval(this.#heartbeat)
    return { id: this.#id, count: this.#count, size: this.#size, form }
  }

  /** Removes what was written. */
  drop(): undefined {
    this.#chunks.retire(this.#key, this.finish(Form.bytes), 1)
  }
}

function chunksGone(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_CORRUPT',
    'Cannot read on: Redis has removed the rest of the value',
  )
}

function chunkKey(key: string, id: Buffer): string {
  return `${key}:${id.toString('hex')}`
}
