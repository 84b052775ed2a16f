import { PassThrough, Writable } from 'node:stream'
import { abortable } from '@diskcache/core'
import type { BodyRows } from './body-rows.ts'
import { MAX_INLINE_BYTES, type StoredBody } from './response-row.ts'

/** The largest body, in bytes, where the store has no streams, so that it has to be in memory in one piece. */
const MAX_IN_MEMORY_BYTES = 4 * 1024 * 1024

/** How many bytes may wait for the disk before the response has to. */
const BUFFER_BYTES = 1024 * 1024

/** The time in milliseconds that the store may take when the body has ended. */
const MAX_END_MS = 5_000

/** How a response is stored. */
export interface ResponseWriterOptions {
  readonly bodies: BodyRows
  /** The largest body that is stored, in bytes. */
  readonly maxSize: number
  readonly deleteAt: number
  /** The time in milliseconds that a response waits for the store before it is not stored. */
  readonly stallLimit: number
  /** Makes the response known, whose body is whole; does not reject. */
  readonly publish: (body: StoredBody) => Promise<void>
  /** Called when the body has ended: from then on the response is being made known, until the stream has closed. */
  readonly onEnd: () => void
  /** Told of what the store fails with. */
  readonly tell: (error: unknown) => void
}

/**
 * Takes the body of a response while it goes to the program. It never fails: undici removes all responses of a URL when
 * it does. What cannot be stored, or is broken off, is destroyed and leaves nothing.
 */
export class ResponseWriter extends Writable {
  readonly #options: ResponseWriterOptions
  readonly #maxSize: number
  readonly #stop = new AbortController()
  #chunks: Buffer[] = []
  #size = 0
  #stream: PassThrough | undefined
  #written: Promise<string | undefined> | undefined
  #ending: Promise<void> | undefined

  constructor(options: ResponseWriterOptions) {
    super({ highWaterMark: BUFFER_BYTES })
    this.#options = options
    this.#maxSize = options.bodies.hasStreams
      ? options.maxSize
      : Math.min(options.maxSize, MAX_IN_MEMORY_BYTES)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#size += chunk.byteLength
    if (this.#size > this.#maxSize) this.destroy()
    else if (this.#stream !== undefined) return this.#pass(this.#stream, chunk, callback)
    else this.#chunks.push(chunk)
    if (this.#size <= MAX_INLINE_BYTES || this.destroyed || !this.#options.bodies.hasStreams)
      return callback()
    this.#pass(this.#openStream(), this.#takeChunks(), callback)
  }

  override _final(callback: () => void): void {
    const limit = setTimeout(() => this.#stop.abort(), MAX_END_MS).unref()
    this.#ending = this.#store()
      .catch(this.#options.tell)
      .finally(() => clearTimeout(limit))
    this.#ending.then(callback)
  }

  override _destroy(_error: Error | null, callback: () => void): void {
    if (this.#stream !== undefined) this.#stop.abort()
    this.#stream?.destroy()
    this.#chunks = []
    if (this.#ending === undefined) callback()
    else this.#ending.then(callback)
  }

  override end(...args: unknown[]): this {
    super.end(...(args as []))
    this.#options.onEnd()
    return this
  }

  async #store(): Promise<void> {
    const { bodies, publish, deleteAt } = this.#options
    const size = this.#size
    if (size <= MAX_INLINE_BYTES) return publish({ size, body: this.#takeChunks() })
    this.#stream?.end()
    const bodyId = await (this.#written ?? bodies.set(this.#takeChunks(), deleteAt))
    if (bodyId === undefined) return
    if (this.destroyed) return bodies.discard([bodyId])
    await publish({ size, bodyId })
  }

  /** Opens a stream into the store. */
  #openStream(): PassThrough {
    const { bodies, deleteAt, tell } = this.#options
    const stream = new PassThrough()
    // A write that fails ends here; it is told below.
    stream.on('error', () => {})
    const { signal } = this.#stop
    this.#written = abortable(bodies.write(stream, { deleteAt, signal }), signal).catch((error) => {
      if (!signal.aborted) tell(error)
      return undefined
    })
    this.#written.then((id) => id ?? this.destroy())
    this.#stream = stream
    return stream
  }

  #pass(stream: PassThrough, chunk: Buffer, callback: () => void): void {
    const stall = setTimeout(() => this.destroy(), this.#options.stallLimit).unref()
    stream.write(chunk, () => {
      clearTimeout(stall)
      callback()
    })
  }

  #takeChunks(): Buffer {
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    return bytes
  }
}
