import { createHash, type Hash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import type { ResponseStore } from './response-store.ts'
import { MAX_INLINE_BYTES } from './rows.ts'
import type { StoreAccess } from './store-access.ts'

/** The largest body in a store without streams, where it has to be in memory in one piece; bytes. */
const MAX_IN_MEMORY_BYTES = 4 * 1024 * 1024

/** How many bytes may wait for the disk before the handler has to. */
const BUFFER_BYTES = 1024 * 1024

/** The time in milliseconds that a handler waits for the disk before its answer is not stored. */
const MAX_STALL_MS = 5_000

/** A body that is stored whole. */
export interface StoredBody {
  readonly size: number
  /** The body, or `undefined` when it has a row of its own. */
  readonly inline: Uint8Array | undefined
  /** A weak validator of these bytes. */
  readonly etag: string
}

export interface SinkOptions {
  readonly store: ResponseStore
  readonly access: StoreAccess
  readonly id: string
  readonly ttl: number
  readonly tags: readonly string[]
  readonly maxSize: number
  /** How long the store may take when the body has ended, in milliseconds. */
  readonly limit: number
  /** The length in bytes that `Content-Length` announces; `undefined` when there is none. */
  readonly announced: number | undefined
}

/** Takes a body on the side while it goes to the client: a small one into memory, a longer one into the store. */
export class BodySink {
  /** Resolves when the body will not be stored. */
  readonly givenUp: Promise<void>
  readonly #options: SinkOptions
  readonly #hash: Hash = createHash('sha256')
  readonly #stop = new AbortController()
  readonly #tellGivenUp: () => void
  #size = 0
  #isTooLong = false
  #chunks: Uint8Array[] = []
  #stream: PassThrough | undefined
  #written: Promise<boolean> | undefined
  /** While more is waiting for the disk than should. */
  #room: PromiseWithResolvers<void> | undefined
  #stall: NodeJS.Timeout | undefined

  constructor(options: SinkOptions) {
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.givenUp = promise
    this.#tellGivenUp = resolve
  }

  get isGivenUp(): boolean {
    return this.#stop.signal.aborted
  }

  /** How many bytes were too many; `undefined` when something else, or nothing, keeps the body from being stored. */
  get refusedSize(): number | undefined {
    return this.#isTooLong ? this.#size : undefined
  }

  /** Takes a chunk. Returns a promise that resolves when more can be taken; `undefined`: at once. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.isGivenUp) return undefined
    this.#size += chunk.byteLength
    if (this.#size > this.#limit) this.#refuse()
    else this.#take(chunk)
    return this.#room?.promise
  }

  /**
   * Returns what was stored, or `undefined` for a body that is not: given up, shorter or longer than announced, or
   * refused by the store.
   */
  async end(): Promise<StoredBody | undefined> {
    clearTimeout(this.#stall)
    const { announced } = this.#options
    if (announced !== undefined && announced !== this.#size) this.giveUp()
    if (this.isGivenUp) return undefined
    const etag = `W/"${this.#hash.digest('base64url').slice(0, 27)}"`
    this.#stream?.end()
    const inline = this.#size <= MAX_INLINE_BYTES ? Buffer.concat(this.#chunks) : undefined
    const isStored = inline !== undefined || (await this.#isWritten())
    if (!isStored) this.giveUp()
    return isStored ? { size: this.#size, inline, etag } : undefined
  }

  /** Gives the body up: nothing is left of it in the store. */
  giveUp(): void {
    if (this.isGivenUp) return
    const reason = new Error('Cannot store the response: it was given up')
    this.#stop.abort(reason)
    this.#chunks = []
    this.#stream?.destroy(reason)
    this.#makeRoom()
    this.#tellGivenUp()
  }

  /** The body is too long for the option, or for the store. */
  #refuse(): void {
    if (this.isGivenUp) return
    this.#isTooLong = true
    this.giveUp()
  }

  get #hasStreams(): boolean {
    return this.#options.store.store.capabilities.streams
  }

  get #limit(): number {
    const { maxSize } = this.#options
    return this.#hasStreams ? maxSize : Math.min(maxSize, MAX_IN_MEMORY_BYTES)
  }

  #take(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    if (this.#stream !== undefined) return this.#pass(this.#stream, chunk)
    this.#chunks.push(chunk)
    if (this.#size > MAX_INLINE_BYTES && this.#hasStreams) this.#openStream()
  }

  /** Opens a stream into the store, into which goes first what was held in memory. */
  #openStream(): void {
    const stream = new PassThrough({ highWaterMark: BUFFER_BYTES })
    stream.on('drain', () => this.#makeRoom())
    // A write that fails ends here; it is told below.
    stream.on('error', () => {})
    this.#stream = stream
    const { store, access, id, ttl, tags } = this.#options
    const { signal } = this.#stop
    this.#written = store.writeBody(id, stream, { ttl, tags, signal }).catch((error) => {
      if (!this.isGivenUp) access.tell(error)
      this.giveUp()
      return false
    })
    this.#written.then((isStored) => isStored || this.#refuse())
    const chunks = this.#chunks
    this.#chunks = []
    for (const chunk of chunks) this.#pass(stream, chunk)
  }

  #pass(stream: PassThrough, chunk: Uint8Array): void {
    if (stream.write(chunk)) return
    this.#room ??= Promise.withResolvers()
    this.#stall ??= setTimeout(() => this.giveUp(), MAX_STALL_MS).unref()
  }

  #makeRoom(): void {
    clearTimeout(this.#stall)
    this.#stall = undefined
    this.#room?.resolve()
    this.#room = undefined
  }

  /** Returns whether the store has the whole body. */
  async #isWritten(): Promise<boolean> {
    const { access, limit } = this.#options
    const isWritten = await access.write((signal) => this.#written ?? this.#writeWhole(signal), limit)
    if (isWritten === false) this.#refuse()
    return isWritten === true
  }

  #writeWhole(signal: AbortSignal | undefined): Promise<boolean> {
    const { store, id, ttl, tags } = this.#options
    return store.writeBody(id, Buffer.concat(this.#chunks), { ttl, tags, signal })
  }
}
