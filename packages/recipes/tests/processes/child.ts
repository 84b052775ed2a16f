import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A process that runs a module, beside this file or elsewhere, and is killed with the scope in which it was started. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #ended: Promise<unknown>

  /** The module is given `job` as its first message. */
  constructor(module: string | URL, job: unknown) {
    // A test runner's settings for Node are not meant for its children.
    const env = { ...process.env, NODE_OPTIONS: '' }
    const url = typeof module === 'string' ? new URL(`./${module}.ts`, import.meta.url) : module
    this.#process = fork(url, [], { serialization: 'advanced', execArgv: [], env })
    this.#ended = once(this.#process, 'exit')
    this.tell(job)
  }

  tell(message: unknown): void {
    this.#process.send(message as object, () => {})
  }

  /** The next message; rejects when the process ends first. */
  async hear<T>(): Promise<T> {
    const over = new AbortController()
    const { signal } = over
    const end = once(this.#process, 'exit', { signal }).then(([code, killer]) => {
      throw new Error(`A child ended with ${killer ?? code}`)
    })
    try {
      const [message] = await Promise.race([once(this.#process, 'message', { signal }), end])
      return message as T
    } finally {
      end.catch(() => {})
      over.abort()
    }
  }

  /** `SIGKILL`, `SIGSTOP` or `SIGCONT`. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name)
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return
    this.#process.kill('SIGKILL')
    await this.#ended
  }
}
