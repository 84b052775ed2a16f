import { setImmediate as yieldToLoop } from 'node:timers/promises'
import { DiskCacheError, hasCode } from '@diskcache/core'
import { LockRetry } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Command, OrderKey } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { PlannedValue, PreparedValue } from '../entries/prepared-value.ts'
import { AbortListeners } from './abort-listeners.ts'
import { Limiter } from './limiter.ts'

/**
 * What one transaction holds at most: commands, of which one with a file counts for ten, since a file may have to be
 * removed afterwards; and milliseconds. So neither the lock nor the event loop waits long.
 */
const MAX_BATCH_WEIGHT = 1_000
const FILE_WEIGHT = 10
const MAX_BATCH_MS = 10

/** Files that are written at a time. */
const MAX_CONCURRENT_FILES = 8

/** Something that was asked for and has not happened yet. */
interface Pending {
  /** `undefined`: it concerns everything, and runs alone. */
  readonly lanes: readonly string[] | undefined
  readonly signal: AbortSignal | undefined
  readonly reject: (reason: unknown) => void
  /** When its wait for the lock began. */
  retry: LockRetry | undefined
  /** It is under way by itself, and heeds its signal itself. */
  hasBegun: boolean
}

interface PendingCommand extends Pending {
  readonly lanes: readonly string[]
  readonly command: Command<unknown>
  readonly resolve: (result: unknown) => void
  /** `undefined` while its files are being written. */
  prepared: readonly (PreparedValue | undefined)[] | undefined
  /** A transaction with others failed, and nobody knows by whose fault. */
  isAlone: boolean
}

interface PendingBarrier extends Pending {
  readonly lanes: undefined
  readonly run: () => Promise<void>
}

type Outcome = { readonly result: unknown } | { readonly error: unknown }

export interface CommandQueueOptions {
  /** How long a command may wait for other processes, in milliseconds. */
  readonly timeout: number
}

/**
 * Group commit: the commands of one turn of the event loop become one transaction, in order. A command waits for
 * earlier ones on its lanes; a barrier waits for everything before it, and everything after it waits for the barrier.
 */
export class CommandQueue {
  readonly #cache: CacheContext
  readonly #writer: EntryWriter
  readonly #options: CommandQueueOptions
  readonly #pending = new Set<PendingCommand | PendingBarrier>()
  /** How many commands are pending on a lane. */
  readonly #lanes = new Map<string, number>()
  readonly #signals = new AbortListeners<PendingCommand | PendingBarrier>((pending, reason) =>
    this.#abort(pending, reason),
  )
  readonly #files = new Limiter(MAX_CONCURRENT_FILES)
  readonly #preparations = new Set<Promise<void>>()
  #barriers = 0
  #isDraining = false
  #isApplying = false

  constructor(cache: CacheContext, writer: EntryWriter, options: CommandQueueOptions) {
    this.#cache = cache
    this.#writer = writer
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  /** Whether something is pending that a command on this lane has to wait for. */
  isPending(lane: OrderKey): boolean {
    if (this.#pending.size === 0) return false
    return this.#barriers > 0 || this.#lanes.has(identityOf(lane))
  }

  /** Runs a command when its turn comes; `prepared` when its values are prepared already. */
  submit<T>(
    command: Command<T>,
    signal: AbortSignal | undefined,
    prepared?: readonly (PreparedValue | undefined)[],
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const lanes = command.orderKeys.map(identityOf)
      const pending: PendingCommand = {
        lanes,
        command,
        signal,
        resolve: resolve as (result: unknown) => void,
        reject,
        retry: undefined,
        hasBegun: false,
        prepared: prepared ?? this.#prepareNow(command.values),
        isAlone: false,
      }
      this.#add(pending)
      if (pending.prepared === undefined) this.#prepareLater(pending)
      else this.#start()
    })
  }

  /** Runs `task` when everything before it is done, and holds back what comes after it. */
  barrier<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => task().then(resolve, reject)
      this.#add({ lanes: undefined, signal, reject, retry: undefined, hasBegun: false, run })
      this.#start()
    })
  }

  /** Resolves when everything that is pending now is done. */
  async settled(): Promise<void> {
    if (this.#pending.size > 0) await this.barrier(async () => {}, undefined)
  }

  /** Resolves when nothing is pending, and the files of what was aborted are gone. */
  async idle(): Promise<void> {
    await this.settled()
    await Promise.all(this.#preparations)
  }

  /** Rejects everything that is pending. */
  abandon(reason: DiskCacheError): void {
    for (const pending of [...this.#pending]) this.#fail(pending, reason)
  }

  #add(pending: PendingCommand | PendingBarrier): void {
    this.#pending.add(pending)
    if (pending.lanes === undefined) this.#barriers++
    else for (const lane of pending.lanes) this.#lanes.set(lane, (this.#lanes.get(lane) ?? 0) + 1)
    if (pending.signal !== undefined) this.#signals.add(pending.signal, pending)
  }

  #remove(pending: PendingCommand | PendingBarrier): boolean {
    if (!this.#pending.delete(pending)) return false
    if (pending.lanes === undefined) this.#barriers--
    else for (const lane of pending.lanes) this.#leave(lane)
    if (pending.signal !== undefined) this.#signals.remove(pending.signal, pending)
    return true
  }

  #leave(lane: string): void {
    const count = this.#lanes.get(lane) ?? 0
    if (count > 1) this.#lanes.set(lane, count - 1)
    else this.#lanes.delete(lane)
  }

  /**
   * What has begun takes full effect. An abort while commands are being applied, by the callback of one of them, is
   * seen afterwards by those that were left out.
   */
  #abort(pending: PendingCommand | PendingBarrier, reason: unknown): void {
    if (!this.#isApplying && !pending.hasBegun) this.#fail(pending, reason)
  }

  #fail(pending: PendingCommand | PendingBarrier, reason: unknown): void {
    if (!this.#remove(pending)) return
    if (pending.lanes !== undefined) this.#writer.discard(pending.prepared ?? [])
    pending.reject(reason)
    // What waited for it has nothing to wait for any more.
    if (!this.isEmpty) this.#start()
  }

  /** Without a file there is nothing to wait for. */
  #prepareNow(values: readonly PlannedValue[]): readonly (PreparedValue | undefined)[] | undefined {
    if (values.some((planned) => planned?.isFile)) return undefined
    return values.map((planned) => this.#writer.prepare(planned))
  }

  #prepareLater(pending: PendingCommand): void {
    const preparation = this.#prepare(pending).finally(() => this.#preparations.delete(preparation))
    this.#preparations.add(preparation)
  }

  async #prepare(pending: PendingCommand): Promise<void> {
    const { values } = pending.command
    const tasks = values.map((planned) => this.#files.run(() => this.#writer.prepareAsync(planned)))
    const results = await Promise.allSettled(tasks)
    const prepared = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
    const failure = results.find((result) => result.status === 'rejected')
    if (this.#pending.has(pending) && failure === undefined) {
      pending.prepared = prepared
      this.#start()
    } else {
      this.#writer.discard(prepared)
      if (failure !== undefined) this.#fail(pending, failure.reason)
    }
  }

  #start(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#drain()
  }

  /** Runs what is ready, turn by turn, until nothing is. */
  async #drain(): Promise<void> {
    await yieldToLoop()
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (Array.isArray(next)) await this.#runBatch(next)
      else {
        next.hasBegun = true
        await next.run()
        this.#remove(next)
      }
    }
    // In the same step in which nothing was found to be ready, lest what becomes ready later finds nobody to run it.
    this.#isDraining = false
  }

  /** The barrier at the head, or the commands that can run now. */
  #next(): PendingBarrier | PendingCommand[] | undefined {
    const batch: PendingCommand[] = []
    const blocked = new Set<string>()
    let weight = 0
    for (const pending of this.#pending) {
      if (pending.signal?.aborted) {
        this.#fail(pending, pending.signal.reason)
        continue
      }
      if (pending.lanes === undefined)
        return batch.length > 0 ? batch : blocked.size > 0 ? undefined : pending
      if (pending.isAlone && batch.length > 0) break
      const mustWait = pending.prepared === undefined || pending.lanes.some((lane) => blocked.has(lane))
      if (mustWait) for (const lane of pending.lanes) blocked.add(lane)
      else {
        batch.push(pending)
        weight += weightOf(pending)
      }
      if (pending.isAlone || weight >= MAX_BATCH_WEIGHT) break
    }
    return batch.length > 0 ? batch : undefined
  }

  async #runBatch(batch: readonly PendingCommand[]): Promise<void> {
    const { connection } = this.#cache.directory
    const transaction = { hasBegun: false }
    let outcomes: Outcome[]
    this.#isApplying = true
    try {
      outcomes = connection.withoutWaiting(() => this.#transact(batch, transaction))
    } catch (error) {
      const isBusy = !transaction.hasBegun && hasCode(error, 'ERR_DISKCACHE_TIMEOUT')
      return isBusy ? this.#waitForLock(batch) : this.#separate(batch, error)
    } finally {
      this.#isApplying = false
    }
    for (const [i, outcome] of outcomes.entries()) this.#settle(batch[i] as PendingCommand, outcome)
    if (!this.isEmpty) await yieldToLoop()
  }

  /** Runs commands as one transaction, as many as there is time for. Reads alone need none. */
  #transact(batch: readonly PendingCommand[], transaction: { hasBegun: boolean }): Outcome[] {
    if (batch.every(({ command }) => command.isRead)) return this.#applyAll(batch)
    return this.#cache.directory.connection.transact(() => {
      transaction.hasBegun = true
      return this.#applyAll(batch)
    })
  }

  #applyAll(batch: readonly PendingCommand[]): Outcome[] {
    const end = performance.now() + MAX_BATCH_MS
    const outcomes: Outcome[] = []
    for (const pending of batch) {
      outcomes.push(this.#apply(pending))
      if (performance.now() > end) break
    }
    return outcomes
  }

  /**
   * A command that fails before it has written anything fails alone. Any other failure ends the transaction, which may
   * hold half of what the command did.
   */
  #apply({ command, prepared = [] }: PendingCommand): Outcome {
    for (const value of prepared) if (value !== undefined) value.isKept = false
    try {
      return { result: command.apply(prepared, this.#cache.now()) }
    } catch (error) {
      if (error !== this.#cache.usage.callbackError && endsTransaction(error)) throw error
      return { error }
    }
  }

  #settle(pending: PendingCommand, outcome: Outcome): void {
    if ('error' in outcome) return this.#fail(pending, outcome.error)
    if (!this.#remove(pending)) return
    pending.retry?.end()
    this.#writer.discard((pending.prepared ?? []).filter((value) => value?.isKept !== true))
    pending.resolve(outcome.result)
  }

  /** After a failure: each command by itself, so that only what fails again is rejected. */
  #separate(batch: readonly PendingCommand[], error: unknown): void {
    const [only] = batch
    if (batch.length === 1 && only !== undefined) return this.#fail(only, error)
    for (const pending of batch) pending.isAlone = true
  }

  async #waitForLock(batch: readonly PendingCommand[]): Promise<void> {
    for (const pending of batch) {
      pending.retry ??= new LockRetry(this.#cache.directory.path, this.#options.timeout)
      if (pending.retry.isOver) this.#fail(pending, pending.retry.timeoutError())
    }
    const [first] = batch
    if (!this.isEmpty) await first?.retry?.pause()
  }
}

function weightOf({ prepared = [] }: PendingCommand): number {
  return prepared.reduce((sum, value) => sum + (value?.filename == null ? 0 : FILE_WEIGHT), 1)
}

/** Different for different lanes. */
function identityOf({ key, form: raw }: OrderKey): string {
  if (typeof key === 'string') return `${raw}s${key}`
  return Buffer.isBuffer(key) ? `${raw}b${key.toString('latin1')}` : `${raw}${typeof key}${key}`
}

/** Codes of failures that occur before a command has written anything. */
const HARMLESS = new Set([
  'ERR_DISKCACHE_UNSUPPORTED_VALUE',
  'ERR_DISKCACHE_TOO_LARGE',
  'ERR_DISKCACHE_KEY_MISSING',
  'ERR_DISKCACHE_FOREIGN_VALUE',
  'ERR_DISKCACHE_REENTRANT',
])

function endsTransaction(error: unknown): boolean {
  return error instanceof DiskCacheError && !HARMLESS.has(error.code)
}
