import type { ServerResponse } from 'node:http'
import type { Client } from '../http/exchange/client.ts'
import { HoldUp } from '../http/exchange/hold-up.ts'
import type { Decision, Watcher } from '../http/exchange/watcher.ts'
import { Departure } from './departure.ts'
import { DrainGate } from './drain-gate.ts'
import { NodeClient } from './node-client.ts'
import {
  applyHead,
  bytesOf,
  type HeadersArgument,
  isChunk,
  lengthOf,
  pairsOf,
  type SendArguments,
  sendArguments,
} from './send-arguments.ts'
import { PHASES, type Phase } from './tap-phases.ts'

export interface TapOptions {
  /** How long to wait for a head when the client has gone, in milliseconds. */
  readonly patience: number
  /** Called before the watcher is told of the head. */
  readonly beforeHead?: (() => void) | undefined
}

/** What a response of HTTP/2 has for trailers, beside what others have. */
interface Http2Trailers {
  setTrailer?: (name: string, value: string) => void
}

/** The methods that are replaced, as middleware before us left them. */
type Inner = Pick<
  ServerResponse,
  'writeHead' | 'write' | 'end' | 'on' | 'prependListener' | 'removeListener' | 'emit' | 'destroy'
>

/**
 * Stands between a handler and its response. Everything that sends anything (`res.send`, `json`, `sendFile`, `pipe`, and
 * middleware behind us, such as `compression`) comes down to `writeHead`, `write` and `end`. What each of these does, and
 * when, stands in `PHASES`.
 */
export class ResponseTap {
  readonly #res: ServerResponse
  readonly #watcher: Watcher
  readonly #patience: number
  readonly #beforeHead: () => void
  readonly #inner: Inner
  readonly #drain = new DrainGate()
  readonly #holdUp: HoldUp
  readonly #departure: Departure
  #phase: Phase = 'headless'
  #decision: Decision = 'pass'

  constructor(res: ServerResponse, watcher: Watcher, { patience, beforeHead = () => {} }: TapOptions) {
    this.#res = res
    this.#watcher = watcher
    this.#holdUp = new HoldUp(watcher)
    this.#patience = patience
    this.#beforeHead = beforeHead
    const { writeHead, write, end, on, prependListener, removeListener, emit, destroy } = res
    this.#inner = { writeHead, write, end, on, prependListener, removeListener, emit, destroy }
    this.#departure = new Departure(res, {
      close: () => this.#pass('emit', ['close']),
      silence: () => this.#leave(),
    })
    this.#install()
    this.#tapTrailers()
    this.#pass('on', ['drain', () => this.#readyClient()])
  }

  #install(): void {
    const [on, removeListener] = [this.#listening('on'), this.#listening('removeListener')]
    Object.assign(this.#res, {
      writeHead: (status: number, ...rest: unknown[]) => this.#writeHead(status, rest),
      write: (...args: unknown[]) => this.#write(sendArguments(args)),
      end: (...args: unknown[]) => this.#end(sendArguments(args)),
      on,
      addListener: on,
      prependListener: this.#listening('prependListener'),
      removeListener,
      off: removeListener,
      emit: (event: string | symbol, ...args: unknown[]) => this.#emit(event, args),
      destroy: (error?: Error) => this.#destroy(error),
    } satisfies Partial<ServerResponse>)
  }

  /** Calls what stood there before us, with arguments of any of its overloads. */
  #pass<M extends keyof Inner>(method: M, args: readonly unknown[]): ReturnType<Inner[M]> {
    return Reflect.apply(this.#inner[method], this.#res, args)
  }

  #advance(): void {
    this.#phase = PHASES[this.#phase].next
  }

  #writeHead(status: number, rest: readonly unknown[]): ServerResponse {
    const isTaken = PHASES[this.#phase].writeHead === 'take' && !this.#res.headersSent && status >= 200
    if (!isTaken) return this.#pass('writeHead', [status, ...rest])
    applyHead(this.#res, status, rest)
    this.#beforeHead()
    this.#decision = this.#watcher.head(this.#makeClient())
    this.#advance()
    this.#departure.heard()
    this.#sendHead()
    return this.#res
  }

  /**
   * Also when the client has gone: middleware before us may say only now that the answer is one user's own. A head that
   * Node does not take is not the one that the watcher saw: the next one will be of an error.
   */
  #sendHead(): void {
    try {
      this.#pass('writeHead', [this.#res.statusCode])
      this.#watcher.sent()
      if (typeof this.#decision === 'object') queueMicrotask(this.#decision.replace)
    } catch (error) {
      this.#decision = 'pass'
      this.#res.removeHeader('Content-Length')
      this.#watcher.abort()
      throw error
    } finally {
      this.#revealIfUnwanted()
    }
  }

  /** Middleware behind us may wait for `writeHead` to change the head, so it is called as a handler would. */
  #needHead(length?: number): void {
    const res = this.#res
    if (this.#phase !== 'headless') return
    if (!res.headersSent) {
      // What Node would do itself, if the head came with the last chunk.
      if (length !== undefined && lacksLength(res)) res.setHeader('Content-Length', length)
      res.writeHead(res.statusCode)
    }
    if (this.#phase === 'headless') this.#missHead()
  }

  /** Somebody has sent a head past us: what follows belongs to one that the watcher has not seen. */
  #missHead(): void {
    this.#advance()
    this.#watcher.abort()
  }

  #write(sent: SendArguments): boolean {
    const reaction = PHASES[this.#phase].write
    if (reaction === 'drop') return false
    // What Node refuses must not cost the head: a handler may still answer with an error.
    if (reaction === 'pass' || !isChunk(sent.chunk)) return this.#pass('write', sent.all)
    this.#needHead()
    this.#watch(sent)
    const isReady = this.#forward(sent)
    this.#drain.mark('client', isReady)
    if (!isReady) this.#holdUp.begin()
    return this.#drain.isOpen
  }

  #end(sent: SendArguments): ServerResponse {
    const reaction = PHASES[this.#phase].end
    if (reaction === 'drop') return this.#res
    if (reaction === 'pass' || (sent.chunk && !isChunk(sent.chunk))) return this.#pass('end', sent.all)
    // Of a connection that was destroyed just now, `close` is yet to come.
    if (this.#departure.isBrokenOffHere) this.#leave()
    this.#needHead(lengthOf(sent))
    this.#watch(sent)
    this.#advance()
    const held = this.#watcher.end()
    const finish = () => this.#finish(sent)
    if (held === undefined) finish()
    else held.then(finish, finish).catch((error) => this.#res.destroy(error))
    return this.#res
  }

  /** In HTTP/2, `setTrailer` sets also those that are added. */
  #tapTrailers(): void {
    const res = this.#res
    const http2: Http2Trailers = res as object
    const { addTrailers } = res
    const { setTrailer } = http2
    const tell = (fields: HeadersArgument) => this.#watcher.trailers(pairsOf(fields))
    if (setTrailer === undefined)
      res.addTrailers = (fields) => {
        addTrailers.call(res, fields)
        tell(fields as HeadersArgument)
      }
    else
      http2.setTrailer = (name, value) => {
        Reflect.apply(setTrailer, res, [name, value])
        tell({ [name]: value })
      }
  }

  /** Also when the client has gone: middleware before us may save a session now. */
  #finish(sent: SendArguments): void {
    this.#departure.admit()
    if (this.#decision === 'pass') {
      this.#advance()
      this.#pass('end', sent.all)
    } else {
      if (this.#decision === 'head') this.#past(() => this.#pass('end', []))
      sent.callback?.()
    }
    if (this.#departure.presence === 'hidden') this.#departure.reveal()
  }

  /** Whether the client can take more. */
  #forward({ all, callback }: SendArguments): boolean {
    if (this.#decision === 'pass' && this.#departure.presence === 'here')
      return this.#pass('write', all) !== false
    if (callback !== undefined) process.nextTick(callback)
    return true
  }

  #watch(sent: SendArguments): void {
    const bytes = this.#watcher.wantsBody ? bytesOf(sent) : undefined
    if (bytes === undefined) return
    this.#departure.heard()
    this.#awaitWatcher(this.#watcher.data(bytes))
    this.#revealIfUnwanted()
  }

  #readyClient(): void {
    this.#holdUp.end()
    this.#drain.ready('client')
  }

  #awaitWatcher(ready: Promise<void> | undefined): void {
    if (ready === undefined || this.#drain.isBusy('watcher')) return
    this.#drain.mark('watcher', false)
    ready.then(() => {
      this.#drain.ready('watcher')
      this.#revealIfUnwanted()
    })
  }

  #makeClient(): Client {
    return new NodeClient(this.#res, {
      write: (chunk) => this.#past(() => this.#pass('write', [chunk])) !== false,
      end: (chunk) => void this.#past(() => this.#pass('end', chunk === undefined ? [] : [chunk])),
      onDrain: (listener) => this.#drain.listen('once', listener),
    })
  }

  /** Sends what is not the handler's; nor is what middleware before us does with the response meanwhile. */
  #past<T>(send: () => T): T {
    const phase = this.#phase
    this.#phase = 'finished'
    try {
      return send()
    } finally {
      this.#phase = phase
    }
  }

  #listening(method: 'on' | 'prependListener' | 'removeListener') {
    return (event: string | symbol, listener: (...args: never[]) => void): ServerResponse => {
      if (event === 'drain') this.#drain.listen(method, listener as () => void)
      else this.#pass(method, [event, listener])
      return this.#res
    }
  }

  #emit(event: string | symbol, args: readonly unknown[]): boolean {
    const isTaken = event === 'close' && PHASES[this.#phase].close === 'take'
    return (isTaken && this.#isKeptFromHandler()) || this.#pass('emit', [event, ...args])
  }

  /** The client leaves too early. The handler is not told of it while others want the answer, and it may become whole. */
  #isKeptFromHandler(): boolean {
    if (this.#departure.presence === 'gone') return false
    if (this.#watcher.wantsRest && !this.#departure.isBrokenOffHere) {
      this.#departure.hide(this.#phase === 'headless' ? this.#patience : undefined)
      this.#readyClient()
      this.#watcher.onUnwanted(() => this.#revealIfUnwanted())
      return true
    }
    this.#leave()
    return false
  }

  #revealIfUnwanted(): void {
    if (this.#departure.presence === 'hidden' && !this.#watcher.wantsRest) this.#leave()
  }

  /** The client has gone, and the handler knows. An answer that is not complete will not be. */
  #leave(): void {
    if (PHASES[this.#phase].close === 'take') this.#watcher.abort()
    this.#departure.reveal()
  }

  #destroy(error: Error | undefined): ServerResponse {
    this.#leave()
    return this.#pass('destroy', [error])
  }
}

/** Fields beside which Node does not announce the length: no trailers follow a body of an announced length. */
const OF_LENGTH = ['content-length', 'transfer-encoding', 'trailer'] as const

function lacksLength(res: ServerResponse): boolean {
  const hasBody = res.req.method !== 'HEAD' && res.statusCode !== 204 && res.statusCode !== 304
  return hasBody && !OF_LENGTH.some((name) => res.hasHeader(name))
}
