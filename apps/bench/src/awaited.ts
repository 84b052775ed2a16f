import type { Contender } from './contender.ts'
import { framesPerCall } from './write-ahead-log.ts'

export interface AwaitedOptions {
  /** Resolves when it is done; the next call begins then. */
  readonly call: () => Promise<unknown>
  /** Restores what the calls use up, outside the timing. */
  readonly prepare?: () => void
  /** The database whose frames are to be counted. */
  readonly database?: string
}

/** A contender that runs here, and whose calls are promises. */
export class Awaited implements Contender {
  readonly #options: AwaitedOptions

  constructor(options: AwaitedOptions) {
    this.#options = options
  }

  async time(calls: number): Promise<number> {
    const { call, prepare } = this.#options
    prepare?.()
    const start = performance.now()
    for (let i = 0; i < calls; i++) await call()
    return performance.now() - start
  }

  async frames(): Promise<number> {
    const { call, prepare, database } = this.#options
    if (database === undefined) return 0
    prepare?.()
    return framesPerCall(database, call)
  }
}
