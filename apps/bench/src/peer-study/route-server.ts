import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Way } from './express-way.ts'

const PROGRAM = join(import.meta.dirname, 'express-server.ts')

/** The route that answers in one way, in a process of its own on a free port. */
export class RouteServer implements AsyncDisposable {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#process = child
    this.url = `http://127.0.0.1:${port}/`
  }

  /** Resolves when it accepts connections. */
  static async start(way: Way, directory: string): Promise<RouteServer> {
    const child = fork(PROGRAM, [way, directory], { execArgv: ['--expose-gc'] })
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    child.once('message', resolve)
    child.once('exit', () => reject(new Error('it ended before it listened')))
    const port = await promise
    return new RouteServer(child, port)
  }

  /** Bytes. */
  async memory(): Promise<number> {
    this.#process.send('memory')
    const [bytes] = (await once(this.#process, 'message')) as [number]
    return bytes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.disconnect()
    await ended
  }
}
