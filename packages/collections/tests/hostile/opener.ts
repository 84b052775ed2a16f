import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { OpeningAnswer, OpeningJob } from './opener-child.ts'

const CHILD = fileURLToPath(new URL('./opener-child.ts', import.meta.url))

/** The time after which a process hangs, in milliseconds. */
const LIMIT = 30_000

/** A process that opens hostile directories, so that it may hang. */
export class Opener {
  #child: ChildProcess | undefined

  /** Resolves to what became of a directory; rejects when the process hangs or ends, and takes another one then. */
  open(job: OpeningJob): Promise<OpeningAnswer> {
    this.#child ??= fork(CHILD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const child = this.#child
    return new Promise((resolve, reject) => {
      const settle = (body: () => void) => {
        clearTimeout(timer)
        child.removeAllListeners()
        body()
      }
      const fail = (reason: string) => {
        this[Symbol.dispose]()
        settle(() => reject(new Error(`${reason} at ${JSON.stringify(job)}`)))
      }
      const timer = setTimeout(() => fail('The process hangs'), LIMIT)
      child.once('message', (answer) => settle(() => resolve(answer as OpeningAnswer)))
      child.once('close', (code, signal) => fail(`The process ended with ${signal ?? code}`))
      child.send(job)
    })
  }

  [Symbol.dispose](): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }
}
