import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { MemoryReport, ServerJob } from './server.ts'

const SERVER = new URL('./server.ts', import.meta.url)

/** An application in a process of its own, on a free port of this machine. */
export class ServerProcess implements AsyncDisposable {
  readonly origin: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.origin = `http://127.0.0.1:${port}`
  }

  static async start(job: ServerJob): Promise<ServerProcess> {
    const child = fork(SERVER, [JSON.stringify(job)], { execArgv: ['--expose-gc'] })
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    return new ServerProcess(child, port)
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /** Bytes that it occupies. */
  async memory(): Promise<number> {
    this.#child.send('memory')
    const [{ memory }] = (await once(this.#child, 'message')) as [MemoryReport]
    return memory
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}
