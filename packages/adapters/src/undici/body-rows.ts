import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Abortable, AsyncStore } from '@diskcache/core'
import type { PatientStore } from '../store/patient-store.ts'

/** The largest body, in bytes, that is read in one piece, which takes much less time than a stream. */
const MAX_WHOLE_BYTES = 1024 * 1024

/** Bodies that have rows of their own. Its methods pass on what the store throws. */
export class BodyRows {
  /** Whether a body need not be in memory in one piece. */
  readonly hasStreams: boolean
  readonly #patient: PatientStore
  readonly #prefix: string
  /** How many streams of this process read a body. */
  readonly #readers = new Map<string, number>()
  /** What is to be removed once nobody reads it. */
  readonly #discarded = new Set<string>()

  constructor({ capabilities }: AsyncStore, patient: PatientStore, prefix: string) {
    this.hasStreams = capabilities.streams
    this.#patient = patient
    this.#prefix = prefix
  }

  /** Stores a body, and returns its id; `undefined` when it is too large for the store. */
  async set(body: Uint8Array, deleteAt: number): Promise<string | undefined> {
    const id = randomUUID()
    const isStored = await this.#patient.write((store, { signal }) =>
      store.set(this.#key(id), body, { ttl: ttlOf(deleteAt), signal }),
    )
    return isStored ? id : undefined
  }

  /** Stores a body while it comes, and returns its id; `undefined` when it is too large for the store. */
  async write(
    body: Readable,
    { deleteAt, signal }: { deleteAt: number } & Abortable,
  ): Promise<string | undefined> {
    const id = randomUUID()
    const isStored = await this.#patient.writeMuch(
      (store, options) => store.write(this.#key(id), body, { ttl: ttlOf(deleteAt), ...options }),
      { signal },
    )
    return isStored ? id : undefined
  }

  /** Returns a body; `undefined` when the store has lost it. */
  async read(id: string, size: number): Promise<Uint8Array | Readable | undefined> {
    if (this.hasStreams && size > MAX_WHOLE_BYTES) return this.#open(id)
    const body = await this.#patient.read((store, options) => store.get(this.#key(id), options))
    return body instanceof Uint8Array && body.byteLength === size ? body : undefined
  }

  /** Removes bodies: those that this process reads afterwards, as a store may read from them until the end. */
  async discard(ids: readonly string[]): Promise<void> {
    const isRead = (id: string) => this.#readers.has(id)
    for (const id of ids.filter(isRead)) this.#discarded.add(id)
    const keys = ids.filter((id) => !isRead(id)).map((id) => this.#key(id))
    if (keys.length > 0) await this.#patient.write((store, options) => store.deleteMany(keys, options))
  }

  async #open(id: string): Promise<Readable | undefined> {
    let isLate = false
    this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1)
    let stream: Readable | undefined
    try {
      stream = await this.#patient.read(async (store, options) => {
        const opened = await store.read(this.#key(id), options)
        // It may hold a file descriptor, and nobody waits for it any more.
        if (isLate) opened?.destroy()
        return opened
      })
      return stream?.once('close', () => this.#leave(id))
    } finally {
      isLate = true
      if (stream === undefined) this.#leave(id)
    }
  }

  #leave(id: string): void {
    const readers = (this.#readers.get(id) ?? 1) - 1
    if (readers > 0) return void this.#readers.set(id, readers)
    this.#readers.delete(id)
    // What cannot be removed now goes when it expires.
    if (this.#discarded.delete(id)) this.discard([id]).catch(() => {})
  }

  #key(id: string): string {
    return this.#prefix + id
  }
}

function ttlOf(deleteAt: number): number {
  return Math.max(0, deleteAt - Date.now())
}
