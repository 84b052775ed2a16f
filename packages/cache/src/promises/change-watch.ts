import { realTimers } from '@diskcache/core'
import type { CacheContext } from '../context/cache-context.ts'

/** The interval, in milliseconds, between two looks for writes of other processes, while somebody waits for one. */
const POLL_MS = 10

/** What tells one state of a database from another: SQLite's counter is one of each handle. */
interface Moment {
  readonly handle: object | undefined
  readonly version: number | undefined
  readonly commits: number
}

/**
 * Tells waiters that something in the cache has changed. All of them together cost one look at SQLite's counter of
 * commits every 10 ms; what the promise face writes itself is told at once.
 */
export class ChangeWatch {
  readonly #context: CacheContext
  readonly #waiters = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #version: number | undefined
  /** The commits of this connection when the wait began: SQLite's counter tells only of other connections. */
  #commits = 0
  /** How often something has changed between two counts, and what the last one saw. */
  #count = 0
  #counted: Moment = { handle: undefined, version: undefined, commits: 0 }

  constructor(context: CacheContext) {
    this.#context = context
    context.directory.connection.onReplaced(() => {
      this.#count++
      this.wake()
    })
  }

  /** Returns a number that is higher than before if anything has changed; `undefined` for a copy that follows later. */
  count(): number | undefined {
    const { directory, memory } = this.#context
    const { connection } = directory
    if (connection.readonly) return undefined
    connection.look()
    const version = directory.dataVersion()
    // What is read after this must not be older.
    memory?.distrust()
    const { handle, commits } = connection
    const last = this.#counted
    if (version !== last.version || commits !== last.commits || handle !== last.handle) {
      this.#counted = { handle, version, commits }
      this.#count++
    }
    return this.#count
  }

  /** Resolves at the next change, and rejects with the signal's reason. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const stop = () => {
        this.#leave(wake)
        reject(signal.reason)
      }
      const wake = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
      this.#waiters.add(wake)
      // Who looks now must not find what was there before.
      this.#context.memory?.distrust()
      this.#start()
    })
  }

  /** Wakes all waiters. */
  wake(): void {
    if (this.#waiters.size === 0) return
    this.#context.memory?.distrust()
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    this.#stop()
    for (const waiter of waiters) waiter()
  }

  #leave(waiter: () => void): void {
    this.#waiters.delete(waiter)
    if (this.#waiters.size === 0) this.#stop()
  }

  #start(): void {
    if (this.#timer !== undefined) return
    const { directory } = this.#context
    this.#version = directory.dataVersion()
    this.#commits = directory.connection.commits
    this.#timer = realTimers.setInterval(() => this.#look(), POLL_MS)
  }

  #stop(): void {
    realTimers.clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    if (this.#hasChanged()) this.wake()
  }

  #hasChanged(): boolean {
    const { directory } = this.#context
    const { connection } = directory
    if (!connection.isOpen) return true
    try {
      connection.look()
      return connection.commits !== this.#commits || directory.dataVersion() !== this.#version
    } catch {
      // Nobody hears of an error here: those who wait meet it themselves, when they are awake.
      return true
    }
  }
}
