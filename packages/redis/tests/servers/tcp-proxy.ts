import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './redis-server.ts'

/** Where a connection is cut: before what the client sends arrives, or before what the server answers does. */
export type Direction = 'request' | 'reply'

/** How long a piece of what comes slowly takes, in milliseconds; Node reads 64 KiB at a time. */
const PIECE_TIME = 150

/** Between a client and a server, for connections that break. */
export class TcpProxy {
  readonly port: number
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  /** Those of them that go to the server. */
  readonly #servers = new Set<Socket>()
  /** Those of them of which nothing arrives any more, at either end. */
  readonly #swallowed = new WeakSet<Socket>()
  #isSwallowing = false
  #server: Server | undefined
  /** How many pieces of data still pass in that direction before everything is cut. */
  #cut: { direction: Direction; after: number } | undefined

  private constructor(port: number, target: number) {
    this.port = port
    this.#target = target
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(await freePort(), target)
    await proxy.open()
    return proxy
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async open(): Promise<void> {
    this.#server = createServer((client) => this.#accept(client)).listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** Nobody gets through any more. */
  async close(): Promise<void> {
    this.cut()
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    server.close()
    await once(server, 'close')
  }

  cut(): void {
    this.#cut = undefined
    for (const socket of this.#sockets) socket.destroy()
  }

  /** What the server answers, and tells, stays here for now, and comes later. */
  hold(): void {
    for (const socket of this.#servers) socket.pause()
  }

  release(): void {
    for (const socket of this.#servers) socket.resume()
  }

  /** Connections stay, and new ones are accepted, but nothing gets through any of them, for ever. */
  swallow(): void {
    this.#isSwallowing = true
    for (const socket of this.#sockets) this.#swallowed.add(socket)
  }

  /** What the server answers passes, a piece at a time. */
  slowDown(): void {
    for (const socket of this.#servers) {
      socket.on('data', () => {
        socket.pause()
        setTimeout(() => socket.resume(), PIECE_TIME)
      })
    }
  }

  /** New connections work again. */
  heal(): void {
    this.#isSwallowing = false
  }

  cutAfter(direction: Direction, after: number): void {
    this.#cut = { direction, after }
  }

  #accept(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    this.#servers.add(server)
    server.on('close', () => this.#servers.delete(server))
    this.#join(client, server, 'request')
    this.#join(server, client, 'reply')
  }

  #join(from: Socket, to: Socket, direction: Direction): void {
    this.#sockets.add(from)
    if (this.#isSwallowing) this.#swallowed.add(from)
    from.on('error', () => {})
    from.on('data', (data) => {
      if (this.#swallowed.has(from)) return
      if (this.#passes(direction)) to.write(data)
      else this.cut()
    })
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }

  #passes(direction: Direction): boolean {
    return this.#cut?.direction !== direction || this.#cut.after-- > 0
  }
}
