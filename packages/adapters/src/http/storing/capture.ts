import type { Field } from '../fields/header-values.ts'
import { BodySink, type StoredBody } from './body-sink.ts'
import type { NewResponse, ResponseStore } from './response-store.ts'
import type { VariantRow } from './rows.ts'
import { FAILED, type StoreAccess } from './store-access.ts'
import { storedTrailers } from './stored-headers.ts'

export interface CaptureParts {
  readonly store: ResponseStore
  readonly access: StoreAccess
  /** Longer bodies are not stored; bytes. */
  readonly maxSize: number
  /** How long the store may take when the body has ended, in milliseconds. */
  readonly limit: number
}

/** What is known of an answer when its head is sent. */
export interface CapturedHead extends Omit<NewResponse, 'id' | 'row'> {
  readonly row: Pick<VariantRow, 'status' | 'message' | 'headers' | 'removed' | 'policy' | 'tags' | 'wanted'>
  /** What `Content-Length` announces. */
  readonly announced: number | undefined
}

/** An answer that is being stored: known to nobody until it is published. */
export class Capture {
  readonly #parts: CaptureParts
  readonly #id: string
  readonly #head: CapturedHead
  readonly #sink: BodySink
  #names: readonly string[]

  constructor(parts: CaptureParts, head: CapturedHead) {
    this.#parts = parts
    this.#id = parts.store.newId()
    this.#head = head
    this.#names = head.names
    const { ttl, announced, row } = head
    this.#sink = new BodySink({ ...parts, id: this.#id, ttl, announced, tags: row.tags })
    this.givenUp.then(() => this.#noteSize())
  }

  /** Resolves when nothing will be stored. */
  get givenUp(): Promise<void> {
    return this.#sink.givenUp
  }

  get isGivenUp(): boolean {
    return this.#sink.isGivenUp
  }

  get status(): number {
    return this.#head.row.status
  }

  /** Whether each request has to ask the application for itself. */
  get mustValidate(): boolean {
    return this.#head.row.policy.mustValidate === true
  }

  /** Further fields of the request select the answer. */
  selectAlsoBy(names: readonly string[]): void {
    this.#names = [...new Set([...this.#names, ...names])].sort()
  }

  /** More of the body. Resolves when more can be taken; `undefined`: at once. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    return this.#sink.write(chunk)
  }

  /** The body, when all of it is stored; `undefined` when it will not be. */
  end(): Promise<StoredBody | undefined> {
    return this.#sink.end()
  }

  /**
   * Makes the answer known; whether the store could. One that was purged while it was made leaves nothing, but the next one
   * may. `trailers` follow the body.
   */
  async publish(body: StoredBody, trailers: readonly Field[]): Promise<boolean> {
    const { store, access, limit } = this.#parts
    const response = { ...this.#head, id: this.#id, names: this.#names, row: this.#rowWith(body, trailers) }
    return (await access.write((signal) => store.publish(response, { signal }), limit)) !== FAILED
  }

  /** Takes no more; a body that is being stored is not. */
  giveUp(): void {
    this.#sink.giveUp()
  }

  /** Removes what was stored. */
  async discard(): Promise<void> {
    const { store, access } = this.#parts
    await access.see(() => store.discard([this.#id], {}))
  }

  /** The next answer of this target need not say that it is stored. */
  #noteSize(): void {
    const size = this.#sink.refusedSize
    if (size !== undefined) this.#parts.store.refusedSizes.note(this.#head.request.id, size)
  }

  #rowWith({ size, inline, etag }: StoredBody, trailers: readonly Field[]): NewResponse['row'] {
    const { row } = this.#head
    const kept = storedTrailers(trailers)
    const hasEtag = row.headers.some(([name]) => name.toLowerCase() === 'etag')
    return {
      ...{ ...row, size },
      ...(kept.length === 0 ? {} : { trailers: kept }),
      ...(hasEtag ? {} : { madeEtag: etag }),
      ...(inline === undefined ? {} : { body: inline }),
    }
  }
}
