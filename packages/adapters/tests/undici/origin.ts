import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Handler = (request: IncomingMessage, response: ServerResponse, runs: number) => void

/** A server on loopback that answers as it is told, and counts the requests of each URL. */
export class Origin implements AsyncDisposable {
  readonly runs: Record<string, number> = {}
  readonly #handlers: Record<string, Handler>
  readonly #server = createServer((request, response) => this.#answer(request, response))

  constructor(handlers: Record<string, Handler>) {
    this.#handlers = handlers
  }

  async listen(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    return this
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!
    const runs = (this.runs[path] ?? 0) + 1
    this.runs[path] = runs
    // The clock of a test is not that of Node's own field.
    response.sendDate = false
    this.#handlers[path.split('?')[0]!]!(request, response, runs)
  }
}
