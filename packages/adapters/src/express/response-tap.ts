import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Response } from 'express'

/**
 * What the client gets: what the handler writes (`'pass'`), its head alone, as it stands on the response by then
 * (`'head'`), or what the watcher sends itself after that head (`'other'`).
 */
export type Decision = 'pass' | 'head' | 'other'

/** Sees what a handler answers, however it does that. It must not throw. */
export interface Watcher {
  /** Whether the answer is wanted also when the client has gone. */
  readonly wantsRest: boolean
  /** The head is complete, and about to be sent. The watcher may still change it. */
  head(): Decision
  /** The head is sent. Middleware before us may have changed it still. */
  sent(): void
  /** Whether the body is of interest. */
  readonly wantsBody: boolean
  /**
   * More of the body, to be copied: the handler may use its memory again. Whether more can be taken at once; otherwise
   * `tap.proceed` is to be called.
   */
  data(chunk: Uint8Array): boolean
  /** The answer is complete. The end is held back from the client until the promise, if any, resolves. */
  end(): Promise<void> | undefined
  /** The answer will never be complete. */
  abort(): void
}

/** Sends to the client past the tap. */
export interface Client {
  readonly res: ServerResponse
  /** Whether more can be written at once. */
  write(chunk: Uint8Array): boolean
  end(chunk?: Uint8Array): void
  onDrain(listener: () => void): void
}

/** How long a handler may pause when its client has gone, before it is taken to have given up; milliseconds. */
const MAX_SILENCE_MS = 1_000

type Callback = (error?: Error | null) => void
/** Passed on as they are: middleware before us may read them in its own way. */
type SendArguments = readonly unknown[]
type HeadersArgument = Record<string, unknown> | readonly unknown[] | undefined

/** The methods that are replaced, as middleware before us left them. */
type Inner = Pick<
  Response,
  'writeHead' | 'write' | 'end' | 'on' | 'prependListener' | 'removeListener' | 'emit' | 'destroy'
>

/** A client that has no tap before it. */
export function directClient(res: ServerResponse): Client {
  return {
    res,
    write: (chunk) => res.write(chunk),
    end: (chunk) => (chunk === undefined ? res.end() : res.end(chunk)),
    onDrain: (listener) => res.once('drain', listener),
  }
}

/**
 * Stands between a handler and its response. Everything that sends anything (`res.send`, `json`, `sendFile`, `pipe`, and
 * middleware behind us, such as `compression`) comes down to `writeHead`, `write` and `end`.
 */
export class ResponseTap {
  readonly client: Client
  readonly #res: Response
  readonly #watcher: Watcher
  readonly #inner: Inner
  /** Listeners to `drain`. Middleware before us may keep its own listeners elsewhere, so these are kept here. */
  readonly #drains = new EventEmitter().setMaxListeners(0)
  /** How long to wait for a head when the client has gone, in milliseconds. */
  readonly #patience: number
  #decision: Decision | undefined
  #isEnded = false
  /** The end has been passed on, too. */
  #isFinished = false
  #isAborted = false
  #isClientReady = true
  #isWatcherReady = true
  /** Set while the client has gone, and the handler does not know. */
  #silence: NodeJS.Timeout | undefined

  constructor(res: Response, watcher: Watcher, patience: number) {
    this.#res = res
    this.#watcher = watcher
    this.#patience = patience
    const { writeHead, write, end, on, prependListener, removeListener, emit, destroy } = res
    this.#inner = { writeHead, write, end, on, prependListener, removeListener, emit, destroy }
    this.client = this.#makeClient()
    this.#install()
    on.call(res, 'drain', () => this.#clientDrained())
  }

  /** The watcher can take more. */
  proceed(): void {
    if (this.#isWatcherReady) return
    this.#isWatcherReady = true
    this.#drained()
  }

  /** The watcher does not want the rest any more. */
  release(): void {
    this.proceed()
    this.#tellOfClose()
  }

  #makeClient(): Client {
    const res = this.#res
    const { write, end } = this.#inner
    return {
      res,
      write: (chunk) => (write as (chunk: Uint8Array) => boolean).call(res, chunk) !== false,
      end: (chunk) => void (end as (chunk?: Uint8Array) => void).call(res, chunk),
      onDrain: (listener) => this.#drains.once('drain', listener),
    }
  }

  #install(): void {
    const res = this.#res
    res.writeHead = ((status: number, ...rest: unknown[]) => this.#writeHead(status, rest)) as never
    res.write = ((...args: SendArguments) => this.#write(args)) as never
    res.end = ((...args: SendArguments) => this.#end(args)) as never
    res.on = this.#listening('on')
    res.addListener = res.on
    res.prependListener = this.#listening('prependListener')
    res.removeListener = this.#listening('removeListener')
    res.off = res.removeListener
    res.emit = ((event: string, ...args: unknown[]) => this.#emit(event, args)) as never
    res.destroy = ((error?: Error) => this.#destroy(error)) as never
  }

  #writeHead(status: number, rest: unknown[]): Response {
    const res = this.#res
    if (this.#decision !== undefined || res.headersSent || status < 200) {
      return this.#inner.writeHead.call(res, status, ...(rest as []))
    }
    res.statusCode = status
    if (typeof rest[0] === 'string') res.statusMessage = rest.shift() as string
    applyHeaders(res, (rest[0] ?? rest[1]) as HeadersArgument)
    this.#decision = this.#watcher.head()
    this.#hearOfSilence()
    return this.#sendHead()
  }

  /**
   * Also when the client has gone: middleware before us may say only now that the answer is one user's own. A head that
   * Node does not take is not the one that the watcher saw: the next one will be of an error.
   */
  #sendHead(): Response {
    try {
      this.#inner.writeHead.call(this.#res, this.#res.statusCode)
      this.#watcher.sent()
      return this.#res
    } catch (error) {
      this.#decision = 'pass'
      this.#abort()
      throw error
    }
  }

  /** Middleware behind us may wait for `writeHead` to change the head, so it is called as a handler would. */
  #needHead(length?: number): void {
    const res = this.#res
    if (this.#decision !== undefined || res.headersSent) return
    // What Node would do itself, if the head came with the last chunk.
    if (length !== undefined && lacksLength(res)) res.setHeader('Content-Length', length)
    res.writeHead(res.statusCode)
  }

  #write(args: SendArguments): boolean {
    const { chunk, encoding } = readArguments(args)
    if (this.#isHeld) return false
    if (this.#isEnded || chunk === null || chunk === undefined)
      return this.#inner.write.apply(this.#res, args as never)
    this.#needHead()
    this.#watch(chunk, encoding)
    this.#isClientReady = this.#forward(args)
    return this.#isClientReady && this.#isWatcherReady
  }

  #end(args: SendArguments): Response {
    const res = this.#res
    const { chunk, encoding } = readArguments(args)
    if (this.#isHeld) return res
    if (this.#isEnded) return this.#isOurs ? res : this.#inner.end.apply(res, args as never)
    this.#needHead(lengthOf(chunk, encoding))
    if (chunk) this.#watch(chunk, encoding)
    this.#isEnded = true
    const held = this.#watcher.end()
    const finish = () => this.#finish(args)
    if (held === undefined) finish()
    else held.then(finish, finish).catch((error) => res.destroy(error))
    return res
  }

  /** Whether the end waits for the watcher: the handler has nothing to add, though Node does not know of the end yet. */
  get #isHeld(): boolean {
    return this.#isEnded && !this.#isFinished
  }

  /** Also when the client has gone: middleware before us may save a session now. */
  #finish(args: SendArguments): void {
    this.#isFinished = true
    if (this.#isHidden) this.#res.destroyed = true
    if (this.#isOurs) this.#finishOurs(args)
    else this.#inner.end.apply(this.#res, args as never)
    this.#tellOfClose()
  }

  #finishOurs(args: SendArguments): void {
    if (this.#decision === 'head') this.client.end()
    readArguments(args).callback?.()
  }

  /** Whether the client can take more. */
  #forward(args: SendArguments): boolean {
    if (!this.#isOurs && !this.#isGone) return this.#inner.write.apply(this.#res, args as never) !== false
    const { callback } = readArguments(args)
    if (callback !== undefined) process.nextTick(callback)
    return true
  }

  /** Whether the client gets something else than what the handler sends. */
  get #isOurs(): boolean {
    return this.#decision === 'head' || this.#decision === 'other'
  }

  #watch(chunk: unknown, encoding: BufferEncoding | undefined): void {
    if (this.#isAborted || !this.#watcher.wantsBody) return
    this.#hearOfSilence()
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : (chunk as Uint8Array)
    if (!this.#watcher.data(bytes)) this.#isWatcherReady = false
  }

  #listening(method: 'on' | 'prependListener' | 'removeListener'): Response['on'] {
    const listening = (event: string, listener: () => void) => {
      if (event === 'drain') this.#drains[method](event, listener)
      else this.#inner[method].call(this.#res, event, listener)
      return this.#res
    }
    return listening as Response['on']
  }

  #clientDrained(): void {
    this.#isClientReady = true
    this.#drained()
  }

  #drained(): void {
    if (this.#isClientReady && this.#isWatcherReady) this.#drains.emit('drain')
  }

  #emit(event: string, args: unknown[]): boolean {
    const isEarly = event === 'close' && !this.#isEnded && !this.#isAborted
    if (isEarly && this.#watcher.wantsRest) return this.#hide()
    if (isEarly) this.#abort()
    return this.#inner.emit.call(this.#res, event, ...args)
  }

  /** The handler goes on as if the client were there, until the answer is complete or the handler falls silent. */
  #hide(): boolean {
    this.#silence = setTimeout(() => this.release(), this.#patience)
    this.#hearOfSilence()
    this.#res.destroyed = false
    this.#isClientReady = true
    this.#drained()
    return true
  }

  /** Whether the client has gone, and the handler does not know. */
  get #isHidden(): boolean {
    return this.#silence !== undefined
  }

  get #isGone(): boolean {
    return this.#isHidden || (this.#isAborted && this.#res.destroyed)
  }

  /** Silence is measured anew. */
  #hearOfSilence(): void {
    if (!this.#isHidden || this.#decision === undefined) return
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.release(), MAX_SILENCE_MS)
  }

  #tellOfClose(): void {
    if (!this.#isHidden) return
    clearTimeout(this.#silence)
    this.#silence = undefined
    this.#res.destroyed = true
    if (!this.#isEnded) this.#abort()
    this.#inner.emit.call(this.#res, 'close')
  }

  #destroy(error: Error | undefined): Response {
    if (!this.#isEnded) this.#abort()
    this.#tellOfClose()
    return this.#inner.destroy.call(this.#res, error) as Response
  }

  #abort(): void {
    if (this.#isAborted) return
    this.#isAborted = true
    this.#watcher.abort()
    this.proceed()
  }
}

/** `write` and `end` take a chunk, an encoding and a callback, each of which may be left out. */
function readArguments(args: SendArguments): {
  chunk: unknown
  encoding: BufferEncoding | undefined
  callback: Callback | undefined
} {
  const [chunk, encoding] = args.filter((argument) => typeof argument !== 'function')
  return {
    chunk,
    encoding: typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined,
    callback: args.find((argument) => typeof argument === 'function') as Callback | undefined,
  }
}

function lengthOf(chunk: unknown, encoding: BufferEncoding | undefined): number {
  return chunk ? Buffer.byteLength(chunk as string | Uint8Array, encoding) : 0
}

/** Headers that are given to `writeHead`, set beforehand, so that the watcher sees them. */
function applyHeaders(res: Response, headers: HeadersArgument): void {
  const pairs = pairsOf(headers)
  if (Array.isArray(headers)) for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs) {
    if (Array.isArray(headers)) res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
}

/** From an object, a list of pairs, or a flat list of names and values. */
function pairsOf(headers: HeadersArgument): [string, string][] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {}) as [string, string][]
  if (Array.isArray(headers[0])) return headers as [string, string][]
  return headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]] as [string, string]] : []))
}

function lacksLength(res: Response): boolean {
  const hasBody = res.req.method !== 'HEAD' && res.statusCode !== 204 && res.statusCode !== 304
  return hasBody && !res.hasHeader('content-length') && !res.hasHeader('transfer-encoding')
}
