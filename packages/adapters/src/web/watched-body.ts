import { HoldUp } from '../http/exchange/hold-up.ts'
import type { Watcher } from '../http/exchange/watcher.ts'
import { clientQueue } from './client-queue.ts'

/** How long an application may pause when its client has gone, before it is taken to have given up; milliseconds. */
const MAX_SILENCE_MS = 1_000

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** The body of the application's response, which goes to a client and to a watcher, as fast as the slower takes it. */
export class WatchedBody {
  readonly #reader: Reader | undefined
  readonly #watcher: Watcher
  readonly #holdUp: HoldUp
  readonly #waitUntil: (work: Promise<unknown>) => void
  /** The last part, on its way. */
  #last: Promise<unknown> = Promise.resolve()
  #hasLeft = false
  #isGivenUp = false

  constructor(
    body: ReadableStream<Uint8Array> | null,
    watcher: Watcher,
    waitUntil: (work: Promise<unknown>) => void,
  ) {
    this.#reader = body?.getReader()
    this.#watcher = watcher
    this.#holdUp = new HoldUp(watcher)
    this.#waitUntil = waitUntil
  }

  /** What the client gets. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          this.#holdUp.end()
          const part = this.#forward(controller)
          this.#last = part.catch(() => {})
          return part
        },
        cancel: (reason: unknown) => this.#leave(reason),
      },
      clientQueue(),
    )
  }

  /** Lets the watcher have the rest, though no client gets it. */
  async drain(): Promise<void> {
    await this.#last
    while (this.#watcher.wantsRest) {
      const silence = setTimeout(() => this.#giveUp(), MAX_SILENCE_MS)
      const part = await this.#next().finally(() => clearTimeout(silence))
      if (part === undefined) return
      await part.taken
    }
    this.#giveUp()
  }

  async #forward(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const part = await this.#next()
    if (!this.#hasLeft) {
      if (part === undefined) controller.close()
      else controller.enqueue(part.chunk)
    }
    await part?.taken
    if (part !== undefined && !this.#hasLeft) this.#holdUp.begin()
  }

  /** Returns the next part, and when the watcher can take another; `undefined` when there is none. */
  async #next(): Promise<{ chunk: Uint8Array; taken: Promise<void> | undefined } | undefined> {
    try {
      const { done, value } = await this.#read()
      if (done) {
        if (!this.#isGivenUp) await this.#watcher.end()
        return undefined
      }
      // The client's server may give the memory away.
      const taken = this.#watcher.wantsBody ? this.#watcher.data(Buffer.from(value)) : undefined
      return { chunk: value, taken }
    } catch (error) {
      this.#watcher.abort()
      throw error
    }
  }

  #read(): ReturnType<Reader['read']> {
    return this.#reader?.read() ?? Promise.resolve({ done: true, value: undefined })
  }

  async #leave(reason: unknown): Promise<void> {
    this.#hasLeft = true
    this.#holdUp.end()
    if (this.#watcher.wantsRest) this.#waitUntil(this.drain().catch(() => {}))
    else this.#giveUp(reason)
  }

  #giveUp(reason?: unknown): void {
    this.#isGivenUp = true
    this.#watcher.abort()
    this.#reader?.cancel(reason).catch(() => {})
  }
}
