import { realTimers } from '@diskcache/core'
import type { Deadline } from '../deadline.ts'
import { connectError } from '../engine-error.ts'

/** How long the first connection is waited for at most, in milliseconds, if no attempt has failed before. */
const FIRST_WAIT = 1_000

/** How long the next one is waited for, in milliseconds, from the moment when one broke. */
const NEXT_WAIT = 150

/** How long it is waited before another attempt, in milliseconds: at first, and at most. */
const SHORTEST_PAUSE = 50
const LONGEST_PAUSE = 1_000

/** Again and again: node-redis's own strategy gives up for good when a server was silent. */
export function reconnectPause(retries: number): number {
  return Math.min(SHORTEST_PAUSE * 2 ** retries, LONGEST_PAUSE) * (0.5 + Math.random() / 2)
}

/**
 * Whether operations wait for a connection: for the first one, and, for a moment, for the next after one broke. At any
 * other time they are told at once why there is none.
 */
export class Opening {
  #end = performance.now() + FIRST_WAIT
  #isOpen = false
  #isFirst = true
  #isClosed = false
  #cause: unknown
  #opened: PromiseWithResolvers<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #seeking: Promise<void> | undefined

  /** Whether something has told why there is no connection. */
  get hasCause(): boolean {
    return this.#cause !== undefined
  }

  /** The attempts to connect that are under way; it never rejects. */
  get seeking(): Promise<void> | undefined {
    return this.#seeking
  }

  /** There is a connection. */
  succeed(): void {
    this.#isOpen = true
    this.#isFirst = false
    this.#cause = undefined
    this.#take()?.resolve()
  }

  /** The connection broke just now. */
  break(cause: unknown): void {
    this.#isOpen = false
    this.#cause = cause
    this.#end = performance.now() + NEXT_WAIT
  }

  /** An attempt to connect has failed. */
  fail(cause: unknown): void {
    this.#cause = cause
    if (this.#isFirst) this.#giveUp()
  }

  /** There is no use in waiting. */
  close(cause: unknown): void {
    this.#isOpen = false
    this.#isClosed = true
    this.#cause = cause
    this.#giveUp()
  }

  /** Tries to connect, until it succeeds. */
  seek(connect: () => Promise<unknown>): void {
    this.#seeking ??= this.#tryAgain(connect).finally(() => {
      this.#seeking = undefined
    })
  }

  /** Resolves when there is a connection; rejects when none is to be waited for. */
  async wait(deadline?: Deadline): Promise<void> {
    const left = this.#end - performance.now()
    if (left <= 0) {
      // Who tries again and again must not keep the process from hearing of a connection.
      await realTimers.turn()
      if (!this.#isOpen) throw this.#error()
      return
    }
    const { promise } = this.#waited(left)
    await (deadline === undefined ? promise : deadline.race(promise))
  }

  #waited(milliseconds: number): PromiseWithResolvers<void> {
    if (this.#opened === undefined) {
      this.#opened = Promise.withResolvers()
      this.#opened.promise.catch(() => {})
      this.#timer = realTimers.setTimeout(() => this.#giveUp(), milliseconds)
    }
    return this.#opened
  }

  #giveUp(): void {
    this.#end = -Infinity
    this.#take()?.reject(this.#error())
  }

  /** What is waited for, which ends. */
  #take(): PromiseWithResolvers<void> | undefined {
    const opened = this.#opened
    this.#opened = undefined
    realTimers.clearTimeout(this.#timer)
    return opened
  }

  #error(): unknown {
    return connectError(this.#cause ?? new Error('No connection was made in time'))
  }

  async #tryAgain(connect: () => Promise<unknown>): Promise<void> {
    for (let retries = 0; !this.#isClosed; retries++) {
      try {
        await connect()
        this.succeed()
        return
      } catch (error) {
        this.fail(error)
        await realTimers.delay(reconnectPause(retries), undefined, { ref: false })
      }
    }
  }
}
