import type { Client } from '../http/exchange/client.ts'
import { clientQueue } from './client-queue.ts'
import type { WebHead } from './web-head.ts'

type Controller = ReadableStreamDefaultController<Uint8Array>

/** Who gets a `Response`: what the engine sends becomes its body. */
export class WebClient implements Client {
  readonly head: WebHead
  readonly #request: Request
  readonly #answer: (response: Response) => void
  readonly #fail: (error: unknown) => void
  /** Most clients take all at once, and stay. */
  #drained: Set<() => void> | undefined
  #left: Set<() => void> | undefined
  #body: Controller | undefined
  #hasLeft = false

  constructor(
    request: Request,
    head: WebHead,
    to: { answer: (response: Response) => void; fail: (error: unknown) => void },
  ) {
    this.#request = request
    this.head = head
    this.#answer = to.answer
    this.#fail = to.fail
  }

  get isGone(): boolean {
    return this.#hasLeft || this.#request.signal.aborted
  }

  write(chunk: Uint8Array): boolean {
    if (this.isGone) return false
    const body = this.#begin()
    body.enqueue(chunk)
    return (body.desiredSize ?? 0) > 0
  }

  end(chunk?: Uint8Array): void {
    if (this.#body === undefined)
      return this.#answer(this.head.respond(chunk === undefined || chunk.byteLength === 0 ? null : chunk))
    if (this.isGone) return
    if (chunk !== undefined) this.#body.enqueue(chunk)
    this.#body.close()
  }

  /** A `Response` has none. */
  trailers(): boolean {
    return false
  }

  destroy(): void {
    const error = new Error('Cannot send the response: it was broken off')
    if (this.#body === undefined) this.#fail(this.isGone ? this.#request.signal.reason : error)
    else if (!this.#hasLeft) this.#body.error(error)
  }

  onDrain(listener: () => void): void {
    this.#drained ??= new Set()
    this.#drained.add(listener)
  }

  onGone(listener: () => void): () => void {
    const { signal } = this.#request
    this.#left ??= new Set()
    this.#left.add(listener)
    signal.addEventListener('abort', listener)
    return () => {
      this.#left?.delete(listener)
      signal.removeEventListener('abort', listener)
    }
  }

  /** Middleware that compresses goes by what the client accepts. */
  forbidCoding(): void {
    try {
      this.#request.headers.set('Accept-Encoding', 'identity')
    } catch {
      // Some runtimes let nobody change a request.
      this.head.setHeader('Cache-Control', `${this.head.getHeader('cache-control')}, no-transform`)
    }
  }

  #begin(): Controller {
    if (this.#body !== undefined) return this.#body
    const start = (controller: Controller) => {
      this.#body = controller
    }
    const [pull, cancel] = [() => this.#drain(), () => this.#leave()]
    this.#answer(this.head.respond(new ReadableStream({ start, pull, cancel }, clientQueue())))
    return this.#body as unknown as Controller
  }

  #drain(): void {
    const listeners = this.#drained ?? []
    this.#drained = undefined
    for (const listener of listeners) listener()
  }

  #leave(): void {
    this.#hasLeft = true
    for (const listener of this.#left ?? []) listener()
  }
}
