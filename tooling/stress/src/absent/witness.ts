import { connect, type Socket } from 'node:net'
import { now } from './now.ts'
import type { Interval } from './stalls.ts'

/** How often it looks, in milliseconds, and what it takes for slow: half of what the default calls wait. */
const PERIOD = 20
const SLOW = 25

/**
 * Tells, beside all stores, when this machine was too busy to run a process at once, or a server to answer one: then a
 * store may well be found to be away.
 */
export class Witness implements Disposable {
  /** From when to when something had to wait. */
  readonly waits: Interval[] = []
  readonly #port: number | undefined
  readonly #timer: NodeJS.Timeout
  #socket: Socket | undefined
  #asked: number | undefined
  #due = now() + PERIOD

  /** Takes the port of a Redis to ask, too. */
  constructor(port: number | undefined) {
    this.#port = port
    this.#timer = setInterval(() => this.#look(), PERIOD)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#socket?.destroy()
  }

  #look(): void {
    this.#note(this.#due)
    this.#due = now() + PERIOD
    if (this.#port === undefined) return
    this.#socket ??= this.#connect(this.#port)
    if (this.#asked !== undefined || this.#socket.connecting) return
    this.#asked = now()
    this.#socket.write('PING\r\n')
  }

  #connect(port: number): Socket {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('data', () => this.#answered())
    socket.on('close', () => {
      this.#answered()
      this.#socket = undefined
    })
    return socket
  }

  #answered(): void {
    if (this.#asked !== undefined) this.#note(this.#asked)
    this.#asked = undefined
  }

  #note(begin: number): void {
    const wait = { begin, end: now() }
    if (isSlow(wait)) this.waits.push(wait)
  }
}

export function isSlow({ begin, end }: Interval): boolean {
  return end - begin > SLOW
}
