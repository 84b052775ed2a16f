import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { CacheResponsesOptions } from '../../../src/express/index.ts'
import type { MemoryReport, ServerJob } from './server.ts'

const SERVER = new URL('./server.ts', import.meta.url)

/** A busy machine is no reason for a test to go past the cache; milliseconds. */
const PATIENT: CacheResponsesOptions = { storeTimeout: 20_000 }
const PATIENT_COLLAPSE = { timeout: 20_000 }

/** An application in a process of its own, on a free port of this machine. */
export class ServerProcess implements AsyncDisposable {
  readonly origin: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.origin = `http://127.0.0.1:${port}`
  }

  static async start({ options, ...job }: ServerJob): Promise<ServerProcess> {
    const collapse = { ...PATIENT_COLLAPSE, ...options.collapse }
    const patient: ServerJob = { ...job, options: { ...PATIENT, ...options, collapse } }
    const child = fork(SERVER, [JSON.stringify(patient)], { execArgv: ['--expose-gc'] })
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    return new ServerProcess(child, port)
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /** What it has in memory when everything that nobody needs is gone. */
  async memory(): Promise<MemoryReport> {
    this.#child.send('memory')
    const [report] = (await once(this.#child, 'message')) as [MemoryReport]
    return report
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
