import type { Contender } from './contender.ts'
import { framesPerCall } from './write-ahead-log.ts'

export interface AwaitedOptions {
  /** Resolves when it is done; the next call begins then. */
  readonly call: () => Promise<unknown>
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
    const { call } = this.#options
    const start = performance.now()
    for (let i = 0; i < calls; i++) await call()
    return performance.now() - start
  }

  async frames(): Promise<number> {
    const { call, database } = this.#options
    return database === undefined ? 0 : framesPerCall(database, call)
  }
}
