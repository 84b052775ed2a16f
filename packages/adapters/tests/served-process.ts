import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A process that serves an application over HTTP on a directory, and tells its origin once it listens. */
export class ServedProcess implements AsyncDisposable {
  /** Where it is reached, such as `http://127.0.0.1:4711`. */
  readonly origin: string
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  private constructor(origin: string, child: ChildProcess, ended: Promise<unknown>) {
    this.origin = origin
    this.#child = child
    this.#ended = ended
  }

  static async start(server: URL, directory: string): Promise<ServedProcess> {
    const child = fork(server, [directory], { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } })
    const ended = once(child, 'exit')
    const [origin] = (await once(child, 'message')) as [string]
    return new ServedProcess(origin, child, ended)
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
