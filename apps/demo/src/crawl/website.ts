import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Opening, Requests } from './site-server.ts'
import type { Reachable } from './walk-site.ts'

/** A website that another process serves on this machine. */
export class Website implements AsyncDisposable {
  readonly origin: string
  /** What a crawl has to find. */
  readonly reachable: Reachable
  readonly #server: ChildProcess

  private constructor(server: ChildProcess, { port, ...reachable }: Opening) {
    this.origin = `http://127.0.0.1:${port}`
    this.reachable = reachable
    this.#server = server
  }

  /** Starts to serve the documentation of the packages below `directory`. */
  static async start(directory: string): Promise<Website> {
    const server = fork(join(import.meta.dirname, 'site-server.ts'), [directory])
    return new Website(server, await nextMessage<Opening>(server))
  }

  /** How often each path was asked for so far. */
  async requests(): Promise<Requests> {
    const requests = nextMessage<Requests>(this.#server)
    this.#server.send('requests')
    return requests
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#server, 'exit')
    if (this.#server.kill('SIGKILL')) await exit
  }
}

async function nextMessage<Message>(server: ChildProcess): Promise<Message> {
  const [message] = await Promise.race([once(server, 'message'), rejectAtExit(server)])
  return message
}

async function rejectAtExit(server: ChildProcess): Promise<never> {
  const [code, signal] = await once(server, 'exit')
  throw new Error(`The server died: ${signal ?? `exit code ${code}`}`)
}
