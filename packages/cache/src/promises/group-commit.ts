import { DiskCacheError, hasCode } from '@diskcache/core'
import { KEYS_PER_STATEMENT } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { PreparedSet } from '../entries/prepared-value.ts'
import type { PendingCommand } from './pending-command.ts'

/** How long one transaction applies commands, in milliseconds, so that neither the lock nor the event loop waits long. */
const MAX_BATCH_MS = 10

/** What came of one command. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown }

const SET: Outcome = { result: true }
const NOT_SET: Outcome = { result: false }

/** What came of a batch. Only a committed one has had an effect: that of its first commands, as many as there are outcomes. */
export type BatchOutcome =
  | { readonly state: 'committed'; readonly outcomes: readonly Outcome[] }
  /** Another process has the lock. */
  | { readonly state: 'busy' }
  | { readonly state: 'failed'; readonly error: unknown }

/** Codes of failures that occur before a command has written anything. */
const HARMLESS = new Set([
  'ERR_DISKCACHE_UNSUPPORTED_VALUE',
  'ERR_DISKCACHE_TOO_LARGE',
  'ERR_DISKCACHE_KEY_MISSING',
  'ERR_DISKCACHE_FOREIGN_VALUE',
  'ERR_DISKCACHE_REENTRANT',
])

/** Commits a batch of commands as one transaction, without waiting for another process. */
export class GroupCommit {
  readonly #context: CacheContext
  readonly #writer: EntryWriter

  constructor(context: CacheContext, writer: EntryWriter) {
    this.#context = context
    this.#writer = writer
  }

  commit(batch: readonly PendingCommand[]): BatchOutcome {
    const transaction = { hasBegun: false }
    try {
      const { memory } = this.#context
      const { connection } = this.#context.directory
      const before = connection.commits
      const outcomes = connection.mending(() =>
        connection.deferringRepairs(() =>
          connection.withoutWaiting(() => this.#transact(batch, transaction)),
        ),
      )
      memory?.wrote(
        batch.flatMap(({ command }) => command.orderKeys),
        before,
      )
      return { state: 'committed', outcomes }
    } catch (error) {
      const isBusy = !transaction.hasBegun && hasCode(error, 'ERR_DISKCACHE_TIMEOUT')
      return isBusy ? { state: 'busy' } : { state: 'failed', error }
    }
  }

  /** Reads alone need no transaction. */
  #transact(batch: readonly PendingCommand[], transaction: { hasBegun: boolean }): Outcome[] {
    if (batch.every(({ command }) => command.isRead)) return this.#applyAll(batch)
    return this.#context.directory.connection.transact(() => {
      transaction.hasBegun = true
      return this.#applyAll(batch)
    })
  }

  #applyAll(batch: readonly PendingCommand[]): Outcome[] {
    const end = performance.now() + MAX_BATCH_MS
    const outcomes: Outcome[] = []
    while (outcomes.length < batch.length) {
      const sets = setsAt(batch, outcomes.length)
      if (sets.length > 1) for (const isSet of this.#setAll(sets)) outcomes.push(isSet ? SET : NOT_SET)
      else outcomes.push(this.#apply(batch[outcomes.length] as PendingCommand))
      if (performance.now() > end) break
    }
    return outcomes
  }

  /** Sets entries together, none of which can fail alone. */
  #setAll(sets: readonly PreparedSet[]): boolean[] {
    for (const { prepared } of sets) if (prepared !== undefined) prepared.isKept = false
    return this.#writer.setAll(sets, this.#context.now())
  }

  /**
   * A command that fails before it has written anything fails alone. Any other failure ends the transaction, which may
   * hold half of what the command did.
   */
  #apply({ command, prepared = [] }: PendingCommand): Outcome {
    for (const value of prepared) if (value !== undefined) value.isKept = false
    try {
      return { result: command.apply(prepared, this.#context.now()) }
    } catch (error) {
      if (error !== this.#context.usage.callbackError && endsTransaction(error)) throw error
      return { error }
    }
  }
}

/** Returns what the commands from `start` on set, up to the first that does anything else. */
function setsAt(batch: readonly PendingCommand[], start: number): PreparedSet[] {
  const sets: PreparedSet[] = []
  for (let i = start; i < batch.length && sets.length < KEYS_PER_STATEMENT; i++) {
    const { command, prepared = [] } = batch[i] as PendingCommand
    if (command.sets === undefined) break
    const { key, options } = command.sets
    sets.push({ key, options, prepared: prepared[0] })
  }
  return sets
}

function endsTransaction(error: unknown): boolean {
  return error instanceof DiskCacheError && !HARMLESS.has(error.code)
}
