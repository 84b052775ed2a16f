import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { StoreMember } from './store-cases.ts'

/** As it is called in `dist`, beside the modules. */
const CHILD = new URL('./second-process-child.js', import.meta.url)

/** What the parent asks: run the case of this member on a store of its own in this directory. */
export interface CaseRequest {
  readonly member: StoreMember
  readonly directory: string
  readonly time: number
}

/** What the parent asks: hold the lock of a store in this directory, from making the file to when that is removed. */
export interface LockRequest {
  readonly file: string
  readonly directory: string
  readonly time: number
}

export type CaseAnswer = { readonly result: unknown } | { readonly error: string }

/** Another process that opens stores through `open`, which the module at `factory` exports. */
export class SecondProcess {
  readonly #child: ChildProcess

  constructor(factory: URL) {
    this.#child = fork(CHILD, [factory.href], { serialization: 'advanced' })
  }

  /** Runs `body`, which must be synchronous, while the process is inside `transact` of a store in the directory. */
  async whileLocked(directory: string, time: number, body: () => void): Promise<void> {
    const file = `${directory}.locked`
    const released = this.run({ file, directory, time })
    const failed = released.then(() => {
      throw new Error('The second process did not wait')
    })
    // It also fails at the end, when nobody looks any more.
    failed.catch(() => {})
    while (!existsSync(file)) await Promise.race([failed, setTimeout(1)])
    try {
      body()
    } finally {
      rmSync(file)
      await released
    }
  }

  async run(request: CaseRequest | LockRequest): Promise<unknown> {
    const answered = new AbortController()
    const { signal } = answered
    this.#child.send(request)
    const answer = await Promise.race([
      once(this.#child, 'message', { signal }).then(([message]) => message as CaseAnswer),
      once(this.#child, 'exit', { signal }).then(
        ([code, killer]): CaseAnswer => ({ error: `it ended with ${killer ?? code}` }),
      ),
    ]).finally(() => answered.abort())
    if ('error' in answer) throw new Error(`The second process failed: ${answer.error}`)
    return answer.result
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.disconnect()
    await once(this.#child, 'exit')
  }
}
