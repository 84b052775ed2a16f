import {
  abortable,
  type EncodedKey,
  hasCode,
  isSliceOver,
  nextSlice,
  type Problem,
  pause,
  withDetails,
} from '@diskcache/core'
import { type RetryOptions, withRetry } from '@diskcache/core/sqlite'
import type { OrderKey } from '../context/order-key.ts'
import type { Command } from '../entries/command.ts'
import type { PreparedValue } from '../entries/prepared-value.ts'
import type { CacheParts } from '../operations/cache-parts.ts'
import { itemSlices } from '../operations/item-slices.ts'
import type { Batch } from '../upkeep/eviction.ts'
import { RemovalPace } from '../upkeep/removal-pace.ts'
import { ChangeWatch } from './change-watch.ts'
import { CommandQueue } from './command-queue.ts'

type Signal = AbortSignal | undefined

/** Runs the operations of the promise face in their turn, and waits for the lock without blocking the event loop. */
export class AsyncOperations {
  readonly commands: CommandQueue
  readonly watch: ChangeWatch
  readonly #parts: CacheParts
  readonly #timeout: number
  /** The slices of the barrier that is under way. */
  readonly #slices: CommandQueue

  /** Takes the longest time that an operation may wait for other processes, in milliseconds. */
  constructor(parts: CacheParts, timeout: number) {
    this.#parts = parts
    this.#timeout = timeout
    this.commands = new CommandQueue(parts.context, parts.writer, { timeout })
    this.#slices = new CommandQueue(parts.context, parts.writer, { timeout })
    this.watch = new ChangeWatch(parts.context)
    this.commands.afterCommit = () => this.watch.wake()
  }

  /**
   * Runs a command in its turn and resolves to its result. `prepared` is given when its values are prepared already.
   */
  run<T>(command: Command<T>, signal: Signal, prepared?: readonly PreparedValue[]): Promise<T> {
    const known = this.#shortcut(command)
    if (known !== undefined) return Promise.resolve(known.result)
    return this.commands.submit(command, signal, { prepared })
  }

  /**
   * Runs commands, each in a slice of its own, and resolves to their results. Several of them are a barrier together. A
   * signal counts until the first is committed; then all of them are. Where one of several fails, the error carries the
   * number of results of those before it as `count`.
   */
  async runInSlices<T>(commands: Generator<Command<T[]>>, signal: Signal): Promise<T[]> {
    const first = commands.next()
    const second = commands.next()
    if (second.done) return this.run(first.value, signal)
    const results: T[] = []
    try {
      return await this.alone(async () => {
        append(results, await this.runInside(first.value, signal))
        append(results, await this.runInside(second.value, undefined))
        for (;;) {
          // To make a command takes time, too.
          if (isSliceOver()) await nextSlice()
          const { done, value } = commands.next()
          if (done) return results
          append(results, await this.runInside(value, undefined))
        }
      }, signal)
    } catch (error) {
      throw withDetails(error, { count: results.length })
    } finally {
      // Whatever made the items may have to be closed.
      commands.return(undefined)
    }
  }

  /** Runs a task that reads for some items, slice by slice, as a barrier, and resolves to its results. */
  readInSlices<I, T>(
    items: readonly I[],
    task: (slice: readonly I[]) => Promise<readonly T[]>,
    signal: Signal,
  ): Promise<T[]> {
    return this.alone(async () => {
      const results: T[] = []
      for (const slice of itemSlices(items)) {
        this.#parts.context.assertUsable()
        append(results, await task(slice))
        if (isSliceOver()) await nextSlice()
      }
      return results
    }, signal)
  }

  /** Reads at once, or, when something is pending on the key, in its turn. */
  async read<T>(encodedKey: EncodedKey, task: () => T, signal: Signal): Promise<T> {
    const done = this.mustWait(encodedKey) ? undefined : this.attempt(task)
    return done === undefined ? this.readInTurn(encodedKey, task, signal) : done.result
  }

  /** Reads after everything that is pending on the key, or, with `isFirst`, before everything that is pending. */
  readInTurn<T>(encodedKey: EncodedKey, task: () => T, signal: Signal, isFirst = false): Promise<T> {
    const command = { orderKeys: [encodedKey], values: [], isRead: true, apply: task }
    return this.commands.submit(command, signal, { isFirst })
  }

  /** Reads many at once, or, when anything is pending, after that. */
  async readAll<T>(task: () => T, signal: Signal): Promise<T> {
    const done = this.isFree ? this.attempt(task) : undefined
    return done === undefined ? this.exclusive(task, signal) : done.result
  }

  /** Runs a task of several turns as a barrier: after everything before it, and before everything after it. */
  alone<T>(task: () => Promise<T>, signal: Signal): Promise<T> {
    return this.commands.barrier(task, signal)
  }

  /**
   * Returns whether an operation has to wait for others. What is asked for inside the synchronous `transact` comes
   * after it.
   */
  mustWait(orderKey: OrderKey): boolean {
    return this.commands.isPending(orderKey) || this.#parts.context.directory.connection.inTransaction
  }

  /** Returns whether a change is pending, or under way in a synchronous transaction, that may be one of this key. */
  mayChange(orderKey: OrderKey): boolean {
    return this.commands.mayChange(orderKey) || this.#parts.context.directory.connection.inTransaction
  }

  /** Whether nothing is pending, and no synchronous transaction under way. */
  get isFree(): boolean {
    return this.commands.isEmpty && !this.#parts.context.directory.connection.inTransaction
  }

  /**
   * Runs a task as a barrier: after everything before it, and before everything after it. The task is run again when
   * the lock is not free.
   */
  exclusive<T>(task: () => T, signal: Signal): Promise<T> {
    return this.commands.barrier(() => this.retry(task, { signal }), signal)
  }

  /** Runs a body as a transaction and a barrier, and once. */
  async transact<T>(body: () => T, signal: Signal): Promise<T> {
    const { connection } = this.#parts.context.directory
    let hasBegun = false
    const task = () =>
      connection.transact(() => {
        hasBegun = true
        return body()
      })
    const result = await this.commands.barrier(
      () => this.retry(task, { signal, isFinal: () => hasBegun }),
      signal,
    )
    this.watch.wake()
    return result
  }

  /**
   * Runs batches, each in a turn of its own, so that neither the loop nor other writers wait long, and resolves to
   * the number of rows. A signal counts until a batch has removed rows; then all of them are run.
   */
  remove(begin: () => Batch, signal: Signal): Promise<number> {
    return this.commands.barrier(async () => {
      const batch = begin()
      const pace = new RemovalPace()
      let total = 0
      for (;;) {
        const count = await this.retry(batch, total === 0 ? { signal } : {})
        if (count === undefined) return total
        total += count
        if (count > 0) this.watch.wake()
        const rest = pace.rest()
        await (rest > 0 ? pause(rest, undefined) : nextSlice())
      }
    }, signal)
  }

  /** Reads in batches after everything before them, each in a turn of its own, and resolves to the sum of their results. */
  async sum(batch: Batch, signal: Signal): Promise<number> {
    let total = 0
    for (;;) {
      const count = await this.readAll(batch, signal)
      if (count === undefined) return total
      total += count
      if (isSliceOver()) await nextSlice()
      this.#parts.context.assertUsable()
      signal?.throwIfAborted()
    }
  }

  /**
   * Checks what the store has, after everything before it, in slices, between which other operations have their turn.
   * A signal counts until something is mended.
   */
  async check(fix: boolean, signal: Signal): Promise<Problem[]> {
    await abortable(this.commands.settled(), signal)
    const { context, check } = this.#parts
    const work = check.inSlices(fix, await abortable(context.directory.reportInThread(), signal))
    let isMending = false
    for (;;) {
      context.assertUsable()
      if (!isMending) signal?.throwIfAborted()
      const { done, value } = work.next()
      if (done) return value
      if (typeof value === 'number') await pause(value, signal)
      else if (value !== undefined) {
        await this.retry(value, {})
        isMending = true
      }
      if (isSliceOver()) await nextSlice()
    }
  }

  /** Runs a task at once, and again for as long as the lock is not free. */
  async retry<T>(task: () => T, options: Pick<RetryOptions, 'signal' | 'isFinal'>): Promise<T> {
    const { connection, path } = this.#parts.context.directory
    const attempt = () => connection.deferringRepairs(() => connection.withoutWaiting(task))
    for (;;) {
      try {
        return await withRetry({ store: path, timeout: this.#timeout, ...options }, attempt)
      } catch (error) {
        if (!(await connection.mendDeferred()) || options.isFinal?.()) throw error
      }
    }
  }

  /** Runs a command within the barrier that is under way, and resolves to its result. */
  async runInside<T>(command: Command<T>, signal: Signal): Promise<T> {
    this.#parts.context.assertUsable()
    const result = await this.#slices.submit(command, signal)
    this.watch.wake()
    return result
  }

  /** Returns the result of a command that needs no lock, if nothing is pending that it has to wait for. */
  #shortcut<T>({ shortcut, orderKeys }: Command<T>): { result: T } | undefined {
    if (shortcut === undefined || orderKeys.some((orderKey) => this.mustWait(orderKey))) return undefined
    return this.attempt(shortcut)?.result
  }

  /** Runs something that only reads, and returns its result, or `undefined` when the database is busy, or to be mended. */
  attempt<T>(task: () => T): { result: T } | undefined {
    const { connection } = this.#parts.context.directory
    try {
      return { result: connection.deferringRepairs(() => connection.withoutWaiting(task)) }
    } catch (error) {
      if (hasCode(error, 'ERR_DISKCACHE_TIMEOUT') || connection.isMendDeferred) return undefined
      throw error
    }
  }
}

/** Appends items one by one: there may be more of them than a call may have arguments. */
function append<T>(all: T[], items: readonly T[]): void {
  for (const item of items) all.push(item)
}
