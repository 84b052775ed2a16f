import { closedError, type EncodedKey } from '@diskcache/core'
import type { EntryRow } from '@diskcache/core/sqlite'
import type { OpenedEntry } from '../entries/async-value-reader.ts'
import { DAMAGED, type LoadedEntry } from '../entries/value-reader.ts'
import { isExpired } from '../entries/write-options.ts'
import type { CacheParts } from '../operations/cache-parts.ts'
import type { AsyncOperations } from './async-operations.ts'

type Signal = AbortSignal | undefined

/** A read that was asked for and has not happened yet. */
interface PendingRead {
  readonly key: EncodedKey
  readonly signal: Signal
  readonly resolve: (entry: LoadedEntry | undefined | Promise<LoadedEntry | undefined>) => void
  readonly reject: (reason: unknown) => void
}

/** When a row was read: in seconds, and for memory, if entries are kept there. */
interface ReadTime {
  readonly now: number
  readonly moment: number | undefined
}

/** Whose `then` no fake timers replace, as Jest's do `queueMicrotask`. */
const RESOLVED = Promise.resolve()

/**
 * Reads the entries that are asked for together as of one moment, since a row costs a quarter of what it costs alone. That
 * happens in a microtask: without a turn of the event loop, and before any command that is asked for later.
 */
export class GroupRead {
  readonly #parts: CacheParts
  readonly #operations: AsyncOperations
  readonly #load: (opened: OpenedEntry) => Promise<LoadedEntry | undefined>
  #pending: PendingRead[] = []

  /** Takes the function that loads an entry whose file is open. */
  constructor(
    parts: CacheParts,
    operations: AsyncOperations,
    load: (opened: OpenedEntry) => Promise<LoadedEntry | undefined>,
  ) {
    this.#parts = parts
    this.#operations = operations
    this.#load = load
    operations.commands.beforeRun = () => this.flush()
  }

  /** Resolves to the live entry of a key, or, when something is pending on the key, to what that leaves. */
  load(key: EncodedKey, signal: Signal): Promise<LoadedEntry | undefined> {
    if (this.#operations.mustWait(key)) return this.#loadInTurn(key, signal)
    return new Promise((resolve, reject) => {
      if (this.#pending.push({ key, signal, resolve, reject }) === 1) RESOLVED.then(() => this.flush())
    })
  }

  /** Reads what is pending now. It never throws. */
  flush(): void {
    if (this.#pending.length === 0) return
    const reads = this.#pending.filter((read) => this.#isWanted(read))
    this.#pending = []
    this.#read(reads)
  }

  /** Returns whether to read, or rejects. */
  #isWanted({ signal, reject }: PendingRead): boolean {
    if (signal?.aborted) reject(signal.reason)
    else if (!this.#parts.context.directory.connection.isOpen) reject(closedError())
    else return true
    return false
  }

  #read(reads: readonly PendingRead[]): void {
    const { context, memory } = this.#parts
    try {
      const moment = memory?.moment
      const rows = this.#operations.attempt(() => this.#findRows(reads))?.result
      const time = { now: context.now(), moment }
      for (const [i, read] of reads.entries()) {
        if (rows === undefined) this.#answerInTurn(read)
        else this.#answer(read, rows[i], time)
      }
    } catch (error) {
      const [only] = reads
      // What cannot be read is not to fail the others.
      if (reads.length > 1) for (const read of reads) this.#read([read])
      else only?.reject(error)
    }
  }

  /** Returns the rows, as of one moment. */
  #findRows(reads: readonly PendingRead[]): readonly (EntryRow | undefined)[] {
    const { connection, entries } = this.#parts.context.directory
    const [first] = reads
    if (reads.length === 1 && first !== undefined) return [entries.find(first.key)]
    return connection.snapshot(() => entries.findMany(reads.map(({ key }) => key)))
  }

  /** Answers one read with the row that was found. Whatever fails, fails this read alone. */
  #answer(read: PendingRead, row: EntryRow | undefined, { now, moment }: ReadTime): void {
    const { memory } = this.#parts
    try {
      const confirmed = memory?.confirm(read.key, row, now)
      if (confirmed !== undefined) read.resolve(confirmed)
      else if (row === undefined || isExpired(row.expireTime, now)) read.resolve(undefined)
      else if (row.filename === null) read.resolve(this.#keep(read.key, this.#decode(row, read.key), moment))
      else this.#open(read, row, moment)
    } catch (error) {
      read.reject(error)
    }
  }

  #decode(row: EntryRow, key: EncodedKey): LoadedEntry | undefined {
    const { reader } = this.#parts
    const value = reader.decode(row, key)
    if (value !== DAMAGED) return { row, value }
    reader.removeDamaged(row, key)
    return undefined
  }

  #open(read: PendingRead, row: EntryRow, moment: number | undefined): void {
    const { context, asyncReader } = this.#parts
    const opened = this.#operations.attempt(() => asyncReader.openRow(read.key, context.now(), row))
    if (opened === undefined) this.#answerInTurn(read)
    else read.resolve(opened.result && this.#loadFile(opened.result, moment))
  }

  async #loadFile(opened: OpenedEntry, moment: number | undefined): Promise<LoadedEntry | undefined> {
    return this.#keep(opened.key, await this.#load(opened), moment)
  }

  #answerInTurn({ key, signal, resolve }: PendingRead): void {
    resolve(this.#loadInTurn(key, signal, true))
  }

  async #loadInTurn(key: EncodedKey, signal: Signal, isFirst = false): Promise<LoadedEntry | undefined> {
    const { found, moment } = await this.#operations.readInTurn(key, () => this.#find(key), signal, isFirst)
    if (found === undefined || 'value' in found) return found
    return this.#loadFile(found, moment)
  }

  /**
   * Finds the live entry of a key in the directory, and loads it if memory has the same. Inside a transaction, memory
   * has no part in it, and there is no `moment`.
   */
  #find(key: EncodedKey): { found: OpenedEntry | LoadedEntry | undefined; moment?: number } {
    const { context, asyncReader, memory } = this.#parts
    const { connection, entries } = context.directory
    const now = context.now()
    if (memory === undefined || connection.inTransaction) return { found: asyncReader.open(key, now) }
    const { moment } = memory
    const row = entries.find(key)
    return {
      found: memory.confirm(key, row, now) ?? asyncReader.openRow(key, now, row),
      moment,
    }
  }

  /** Keeps an entry in memory, if that has a part in this, and returns the entry. */
  #keep(
    key: EncodedKey,
    loaded: LoadedEntry | undefined,
    moment: number | undefined,
  ): LoadedEntry | undefined {
    if (loaded !== undefined && moment !== undefined) this.#parts.memory?.keep(key, loaded, moment)
    return loaded
  }
}
