import { hasCode, nextSlice } from '@diskcache/core'
import { LockRetry } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { memoryId } from '../context/memory-id.ts'
import type { OrderKey } from '../context/order-key.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { PreparedValue } from '../entries/prepared-value.ts'
import { CommandOrder } from './command-order.ts'
import { FilePreparation } from './file-preparation.ts'
import { GroupCommit, type Outcome } from './group-commit.ts'
import type { PendingBarrier, PendingCommand } from './pending-command.ts'

export interface CommandQueueOptions {
  /** How long a command may wait for other processes, in milliseconds. */
  readonly timeout: number
}

/** How a command comes into the queue. */
export interface Submission {
  /** Its values, when they are prepared already. */
  readonly prepared?: readonly (PreparedValue | undefined)[] | undefined
  /** Whether it was asked for before everything that is pending; `false` unless given. */
  readonly isFirst?: boolean
}

/**
 * Runs the commands of one turn of the event loop as one transaction, in order: `CommandOrder` says what can run,
 * `FilePreparation` writes files beforehand, and `GroupCommit` commits a batch. What cannot have the lock comes back later.
 */
export class CommandQueue {
  readonly #context: CacheContext
  readonly #writer: EntryWriter
  readonly #options: CommandQueueOptions
  readonly #order = new CommandOrder((pending) => this.#abort(pending))
  readonly #files: FilePreparation
  readonly #commit: GroupCommit
  /** Is called before what is next is looked for. It must not throw. */
  beforeRun: (() => void) | undefined
  /** Is called after commands have written. It must not throw. */
  afterCommit: (() => void) | undefined
  #isDraining = false
  #isApplying = false

  constructor(context: CacheContext, writer: EntryWriter, options: CommandQueueOptions) {
    this.#context = context
    this.#writer = writer
    this.#options = options
    this.#files = new FilePreparation(writer)
    this.#commit = new GroupCommit(context, writer)
  }

  get isEmpty(): boolean {
    return this.#order.isEmpty
  }

  /** Returns whether something is pending that a command with this order key has to wait for. */
  isPending(orderKey: OrderKey): boolean {
    return this.#order.isPending(orderKey)
  }

  /** Returns whether a change is pending that may be one of this key, in O(n). */
  mayChange(orderKey: OrderKey): boolean {
    return this.#order.mayChange(orderKey)
  }

  /** Runs a command when its turn comes. */
  submit<T>(
    command: Command<T>,
    signal: AbortSignal | undefined,
    { prepared, isFirst = false }: Submission = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending: PendingCommand = {
        orderIds: command.orderKeys.map(memoryId),
        command,
        signal,
        resolve: resolve as (result: unknown) => void,
        reject,
        retry: undefined,
        prepared: prepared ?? this.#files.prepareNow(command.values),
        isAlone: false,
        fullDisks: 0,
      }
      if (isFirst) this.#order.addFirst(pending)
      else this.#order.add(pending)
      if (pending.prepared === undefined) this.#prepareLater(pending)
      else this.#start()
    })
  }

  /** Runs `task` when everything before it is done, and holds back what comes after it. */
  barrier<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => task().then(resolve, reject)
      this.#order.add({ orderIds: undefined, signal, reject, hasBegun: false, run })
      this.#start()
    })
  }

  /** Resolves when everything that is pending now is done. */
  async settled(): Promise<void> {
    if (!this.isEmpty) await this.barrier(async () => {}, undefined)
  }

  /** Resolves when nothing is pending, and the files of what was aborted are gone. */
  async idle(): Promise<void> {
    await this.settled()
    await this.#files.idle()
  }

  /** Rejects everything that is pending. */
  abandon(reason: unknown): void {
    for (const pending of this.#order.all()) this.#fail(pending, reason)
  }

  #prepareLater(pending: PendingCommand): void {
    const take = (prepared: readonly (PreparedValue | undefined)[]): boolean => {
      if (!this.#order.has(pending)) return false
      pending.prepared = prepared
      this.#start()
      return true
    }
    this.#files.prepare(pending.command.values, take).catch((error) => {
      if (this.#canGoOn(pending, error)) this.#prepareLater(pending)
    })
  }

  /**
   * What has begun takes full effect. An abort while commands are being applied, by the callback of one of them, is
   * seen afterwards by those that were left out.
   */
  #abort(pending: PendingCommand | PendingBarrier): void {
    const hasBegun = pending.orderIds === undefined && pending.hasBegun
    if (!this.#isApplying && !hasBegun) this.#fail(pending, pending.signal?.reason)
  }

  #fail(pending: PendingCommand | PendingBarrier, reason: unknown): void {
    if (!this.#order.remove(pending)) return
    if (pending.orderIds !== undefined) this.#writer.discard(pending.prepared ?? [])
    pending.reject(reason)
    // What waited for it has nothing to wait for any more.
    if (!this.isEmpty) this.#start()
  }

  #start(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#drain().catch((error) => {
      // Nobody awaits the whole: whatever fails between commands is told to those who wait for theirs.
      this.#isDraining = false
      this.abandon(error)
    })
  }

  /** Runs what is ready, turn by turn, until nothing is. */
  async #drain(): Promise<void> {
    await nextSlice()
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (Array.isArray(next)) await this.#runBatch(next)
      else {
        next.hasBegun = true
        await next.run()
        this.#order.remove(next)
      }
    }
    // In the same step in which nothing was found to be ready, lest what becomes ready later finds nobody to run it.
    this.#isDraining = false
  }

  #next(): PendingBarrier | PendingCommand[] | undefined {
    this.beforeRun?.()
    return this.#order.next()
  }

  async #runBatch(batch: readonly PendingCommand[]): Promise<void> {
    const { connection } = this.#context.directory
    const before = connection.commits
    this.#isApplying = true
    const committed = this.#commit.commit(batch)
    this.#isApplying = false
    if (committed.state === 'busy') return this.#waitForLock(batch)
    if (committed.state === 'failed') {
      if (await this.#mend()) return
      return this.#separate(batch, committed.error)
    }
    this.#settle(batch, committed.outcomes)
    if (connection.commits !== before) this.afterCommit?.()
    if (!this.isEmpty) await nextSlice()
  }

  /** Mends the database, if it failed because of damage, and resolves to whether to try again. */
  async #mend(): Promise<boolean> {
    try {
      return await this.#context.directory.connection.mendDeferred()
    } catch {
      return false
    }
  }

  /** Tells those who wait for the first commands of a batch, as many as there are outcomes, what came of theirs. */
  #settle(batch: readonly PendingCommand[], outcomes: readonly Outcome[]): void {
    const commands = outcomes.length === batch.length ? batch : batch.slice(0, outcomes.length)
    const werePending = this.#order.removeAll(commands)
    for (let i = 0; i < commands.length; i++) {
      if (werePending[i]) this.#end(commands[i] as PendingCommand, outcomes[i] as Outcome)
    }
  }

  #end({ retry, prepared = [], resolve, reject }: PendingCommand, outcome: Outcome): void {
    retry?.end()
    for (const value of prepared) if (value?.isKept === false) this.#writer.discard([value])
    if ('error' in outcome) reject(outcome.error)
    else resolve(outcome.result)
  }

  /** Lets each command run by itself after a failure, so that only what fails again is rejected. */
  #separate(batch: readonly PendingCommand[], error: unknown): void {
    const [only] = batch
    if (batch.length === 1 && only !== undefined) {
      this.#canGoOn(only, error)
      return
    }
    for (const pending of batch) pending.isAlone = true
  }

  /** Frees space after a failure on a full disk, for another attempt; fails after other failures, and the third one. */
  #canGoOn(pending: PendingCommand, error: unknown): boolean {
    if (hasCode(error, 'ERR_DISKCACHE_FULL') && pending.fullDisks < 2 && this.#order.has(pending)) {
      this.#writer.makeSpace(pending.command, ++pending.fullDisks === 2)
      return true
    }
    this.#fail(pending, this.#writer.forgetOnFullDisk(pending.command, error))
    return false
  }

  async #waitForLock(batch: readonly PendingCommand[]): Promise<void> {
    for (const pending of batch) {
      pending.retry ??= new LockRetry(this.#context.directory.path, this.#options.timeout)
      if (pending.retry.isOver) this.#fail(pending, pending.retry.timeoutError())
    }
    const [first] = batch
    if (!this.isEmpty) await first?.retry?.pause()
  }
}
