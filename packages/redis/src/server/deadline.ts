import { DiskCacheError, realTimers } from '@diskcache/core'
import type { Ticket } from './link/ticket.ts'

/** In how many steps a deadline is watched: it passes late by at most one of them. */
const STEPS = 10

/** One timer for all deadlines of a store, since a timer of its own would be a good part of what an operation costs. */
export class DeadlineWatch {
  /** Milliseconds. */
  readonly timeout: number
  readonly #deadlines = new Set<Deadline>()
  #timer: NodeJS.Timeout | undefined

  constructor(timeout: number) {
    this.timeout = timeout
  }

  /**
   * Settles as the task does, or when its time is up, right after `onEnd`. What still goes on then sends nothing more.
   * The task throws nothing, but may reject.
   */
  run<T>(
    task: (deadline: Deadline) => Promise<T>,
    caller?: AbortSignal | undefined,
    onEnd?: () => void,
  ): Promise<T> {
    const deadline = new Deadline(this, caller, onEnd)
    return deadline.settle(task(deadline))
  }

  add(deadline: Deadline): void {
    this.#deadlines.add(deadline)
    // When this process stood still itself, what Redis has answered meanwhile is read first.
    this.#timer ??= realTimers.setInterval(
      () => realTimers.setImmediate(() => this.#look()),
      // Timers cut off parts of a millisecond: looks would come too early, and soon be enough of them.
      Math.ceil(this.timeout / STEPS),
    )
    if (this.#deadlines.size === 1) this.#timer.ref()
  }

  remove(deadline: Deadline): void {
    this.#deadlines.delete(deadline)
    // Where nobody waits, it must not keep the process alive until it looks again.
    if (this.#deadlines.size === 0) this.#timer?.unref()
  }

  #look(): void {
    if (this.#deadlines.size === 0) {
      realTimers.clearInterval(this.#timer)
      this.#timer = undefined
    }
    for (const deadline of this.#deadlines) if (deadline.look()) deadline.pass()
  }
}

/**
 * How long an operation may go without an answer. It also carries the caller's signal, so that a command which is not
 * written yet can be taken back for either reason.
 */
export class Deadline implements Disposable {
  readonly #watch: DeadlineWatch
  readonly #caller: AbortSignal | undefined
  #onEnd: (() => void) | undefined
  #end: number
  /** How often it was looked since it began. */
  #looks = 0
  #hasPassed = false
  /** Tells whoever waits for the whole. */
  #fail: ((error: unknown) => void) | undefined
  /** Tells those who wait for a part of it. */
  #waiting: Set<(error: unknown) => void> | undefined
  /** The last of the commands of the present step. */
  #ticket: Ticket | undefined
  /** Why the last attempt failed, for the error that tells that there was no time for another. */
  #trouble: unknown
  /** The error when the time is up, instead of one that tells so. */
  #verdict: unknown

  /** `onEnd` is called when it ends, in time or not. */
  constructor(watch: DeadlineWatch, caller?: AbortSignal | undefined, onEnd?: (() => void) | undefined) {
    this.#watch = watch
    this.#caller = caller
    this.#onEnd = onEnd
    this.#end = performance.now() + watch.timeout
    caller?.addEventListener('abort', this)
    watch.add(this)
  }

  /** The caller's signal. */
  get caller(): AbortSignal | undefined {
    return this.#caller
  }

  /** By this process's monotonic clock, in milliseconds. */
  get end(): number {
    return this.#end
  }

  /** Milliseconds. */
  get left(): number {
    return this.#end - performance.now()
  }

  /** Whether the time is up, or the caller has no use for the result any more. */
  get isOver(): boolean {
    return this.#caller?.aborted === true || this.left <= 0
  }

  /** The error for a command that was taken back. */
  get reason(): unknown {
    return this.#caller?.aborted ? this.#caller.reason : this.timeoutError()
  }

  /** Settles as what it is for does, or when the time is up; with that, it ends. */
  settle<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#fail = reject
      result.then(
        (value) => {
          this[Symbol.dispose]()
          resolve(value)
        },
        (error) => {
          this[Symbol.dispose]()
          reject(error)
        },
      )
    })
  }

  /** Takes a command back when it is over. */
  carry(ticket: Ticket): void {
    ticket.previous = this.#ticket
    this.#ticket = ticket
    if (this.#hasPassed || this.#caller?.aborted) ticket.takeBack()
  }

  /** Begins anew: what takes many steps may take as long as each of them gets on. */
  extend(): void {
    this.#caller?.throwIfAborted()
    this.#end = performance.now() + this.#watch.timeout
    this.#looks = 0
    this.#ticket = undefined
  }

  /** Returns whether the time is up: by the clock, or by how often this was asked, as fake timers may stop the clock. */
  look(): boolean {
    return this.left <= 0 || ++this.#looks > STEPS
  }

  throwIfPassed(): void {
    if (this.#hasPassed) throw this.timeoutError()
  }

  /** Gives what `promise` gives; rejects with `ERR_DISKCACHE_TIMEOUT` when that takes too long. */
  race<T>(promise: Promise<T>): Promise<T> {
    this.#waiting ??= new Set()
    const waiting = this.#waiting
    return new Promise((resolve, reject) => {
      if (this.#hasPassed) reject(this.timeoutError())
      waiting.add(reject)
      promise.then(resolve, reject).finally(() => waiting.delete(reject))
    })
  }

  /** Lets the time run out, and the operation fail with this error; never resolves. */
  async expire(verdict: unknown): Promise<never> {
    this.#verdict = verdict
    await this.race(new Promise(() => {})).catch(() => {})
    throw verdict
  }

  /** Waits before another attempt; rejects when there is no time for one. */
  async pause(milliseconds: number, trouble: unknown): Promise<void> {
    this.#trouble = trouble
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = realTimers.setTimeout(resolve, milliseconds)
    try {
      await this.race(promise)
    } finally {
      realTimers.clearTimeout(timer)
    }
    this.#caller?.throwIfAborted()
  }

  timeoutError(trouble: unknown = this.#trouble): DiskCacheError {
    const message = `Cannot use Redis: it did not do it within ${this.#watch.timeout} ms`
    return new DiskCacheError(
      'ERR_DISKCACHE_TIMEOUT',
      message,
      trouble === undefined ? {} : { cause: trouble },
    )
  }

  /** The time is up. */
  pass(): void {
    this.#hasPassed = true
    this[Symbol.dispose]()
    this.#fail?.(this.#verdict ?? this.timeoutError())
    for (const reject of this.#waiting ?? []) reject(this.timeoutError())
    this.handleEvent()
  }

  /** Takes back what is not written: the time is up, or the caller has aborted it. */
  handleEvent(): void {
    for (let ticket = this.#ticket; ticket !== undefined; ticket = ticket.previous) ticket.takeBack()
  }

  [Symbol.dispose](): void {
    this.#watch.remove(this)
    this.#caller?.removeEventListener('abort', this)
    this.#onEnd?.()
    this.#onEnd = undefined
  }
}
