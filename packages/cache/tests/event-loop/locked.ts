import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Child } from '../processes/child.ts'
import type { LockHolderJob } from '../processes/lock-holder.ts'

const HOLDER = new URL('../processes/lock-holder.ts', import.meta.url)

/** Longer than any test takes: each of them lets go when it has seen what it wants to see. */
const LIMIT = 60_000

/** Another process that has the write lock, from `take` until `release`. */
export class Locked implements AsyncDisposable {
  readonly #directory: string
  readonly #holder: Child

  private constructor(directory: string) {
    const job: LockHolderJob = { directory, duration: LIMIT }
    this.#directory = directory
    this.#holder = Child.process(HOLDER, job, { limit: LIMIT })
  }

  static async take(directory: string): Promise<Locked> {
    const locked = new Locked(directory)
    await locked.#holder.ready()
    locked.#holder.go(Date.now())
    while (!locked.isHeld) await setTimeout(1)
    return locked
  }

  /** Whether nobody else can write now. */
  get isHeld(): boolean {
    using impatient = new Cache(this.#directory, { timeout: 0 })
    try {
      impatient.expire()
      return false
    } catch {
      return true
    }
  }

  /** The process is killed, and the system takes its lock away. */
  async release(): Promise<void> {
    this.#holder.kill()
    await this.#holder.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release()
  }
}
