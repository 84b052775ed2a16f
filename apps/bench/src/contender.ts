import { framesPerCall } from './write-ahead-log.ts'

/** One side of a comparison: something that does an operation as often as it is told and says how long it took. */
export interface Contender {
  /** Makes so many calls; gives milliseconds. */
  time(calls: number): number | Promise<number>
  /** Frames of the write-ahead log that a call writes, where it is known. */
  frames?(): number | Promise<number>
}

export interface InProcessOptions {
  readonly call: () => unknown
  /** Restores what the calls use up, outside the timing. */
  readonly prepare?: () => void
  /** The database whose frames are to be counted. */
  readonly database?: string
}

/** A contender that runs here. */
export class InProcess implements Contender {
  readonly #options: InProcessOptions

  constructor(options: InProcessOptions) {
    this.#options = options
  }

  time(calls: number): number {
    const { call, prepare } = this.#options
    prepare?.()
    const start = performance.now()
    for (let i = 0; i < calls; i++) call()
    return performance.now() - start
  }

  async frames(): Promise<number> {
    const { call, prepare, database } = this.#options
    if (database === undefined) return 0
    prepare?.()
    return framesPerCall(database, call)
  }
}
