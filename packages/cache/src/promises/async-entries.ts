import type { KeyColumns } from '@diskcache/core'
import type { EntryRow } from '@diskcache/core/sqlite'
import type { OpenedEntry } from '../entries/async-value-reader.ts'
import { SnapshotRead } from '../entries/snapshot-read.ts'
import type { LoadedEntry } from '../entries/value-reader.ts'
import type { CacheParts } from '../operations/cache-parts.ts'
import type { PositionedRow } from '../operations/iteration.ts'
import type { AsyncOperations } from './async-operations.ts'

type Signal = AbortSignal | undefined

/** Entries whose files are read in the background. */
export class AsyncEntries {
  readonly #parts: CacheParts
  readonly #operations: AsyncOperations
  /** Files that are being read: the cache is not closed meanwhile. */
  readonly #unfinished = new Set<Promise<unknown>>()

  constructor(parts: CacheParts, operations: AsyncOperations) {
    this.#parts = parts
    this.#operations = operations
  }

  /** Loads the live entry and notes the read. */
  async load(columns: KeyColumns, signal: Signal): Promise<LoadedEntry | undefined> {
    const { cache, asyncReader } = this.#parts
    const opened = await this.#operations.read(columns, () => asyncReader.open(columns, cache.now()), signal)
    const loaded = opened && (await this.#finish(opened))
    cache.noteRead(columns, loaded?.row.rowid, cache.now())
    return loaded
  }

  /** Loads the live entries of one moment, and notes the reads. */
  async loadMany(columns: readonly KeyColumns[], signal: Signal): Promise<(LoadedEntry | undefined)[]> {
    const rows = this.#takeInline(columns)
    if (rows !== undefined) return this.#finishInline(columns, rows)
    // Later writes wait: they could remove files that are still to be read.
    return this.#operations.alone(() => this.#loadSnapshot(columns, signal), signal)
  }

  /** Loads the live entry at a position in sorted order. */
  async loadAt(position: number, signal: Signal): Promise<(LoadedEntry & PositionedRow) | undefined> {
    let vanished: bigint | undefined
    for (;;) {
      const found = await this.#operations.readAll(() => this.#openAt(position), signal)
      if (found === undefined || found.row.rowid === vanished) return undefined
      const loaded = found.opened && (await this.#finish(found.opened))
      if (loaded !== undefined) return { ...loaded, columns: found.columns }
      vanished = found.row.rowid
    }
  }

  /** Goes on from a row that was read. */
  async loadRow(key: KeyColumns, row: EntryRow, signal: Signal): Promise<LoadedEntry | undefined> {
    const { cache, asyncReader } = this.#parts
    const opened = await this.#operations.retry(() => asyncReader.openRow(key, cache.now(), row), { signal })
    return opened && this.#finish(opened)
  }

  /** Removes the entry and gives it. Its file is opened before it is removed, and read afterwards. */
  async pop(columns: KeyColumns, signal: Signal): Promise<LoadedEntry | undefined> {
    const apply = (_: unknown, now: number) => this.#takeOut(columns, now)
    const opened = await this.#operations.run({ lanes: [columns], values: [], apply }, signal)
    return opened && this.#finish(opened)
  }

  /** Resolves when no file is being read or written any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#unfinished)
  }

  /** The live rows as of now, if nothing has to be waited for, and no value is in a file. */
  #takeInline(columns: readonly KeyColumns[]): readonly (EntryRow | undefined)[] | undefined {
    const { cache } = this.#parts
    if (!this.#operations.isFree) return undefined
    const snapshot = new SnapshotRead(cache.directory, columns)
    const rows = this.#operations.attempt(() => snapshot.take(cache.now()))?.result
    const isInline = rows?.every((row) => row === undefined || row.filename === null)
    return isInline ? rows : undefined
  }

  #finishInline(columns: readonly KeyColumns[], rows: readonly (EntryRow | undefined)[]) {
    const values = rows.map((row, i) => row && this.#parts.reader.decode(row, columns[i] as KeyColumns))
    return this.#parts.bulk.finish(columns, rows, values)
  }

  async #loadSnapshot(columns: readonly KeyColumns[], signal: Signal) {
    const { cache, bulk, asyncReader } = this.#parts
    const snapshot = new SnapshotRead(cache.directory, columns)
    for (;;) {
      const rows = await this.#operations.retry(() => snapshot.take(cache.now()), { signal })
      const values: unknown[] = []
      for (const [i, row] of rows.entries()) {
        values.push(row && (await asyncReader.decode(row, columns[i] as KeyColumns)))
      }
      if (snapshot.accepts(values)) return bulk.finish(columns, rows, values)
    }
  }

  #takeOut(columns: KeyColumns, now: number): OpenedEntry | undefined {
    const { cache, asyncReader } = this.#parts
    const opened = asyncReader.open(columns, now)
    if (opened === undefined) return undefined
    cache.directory.remove(opened.row)
    cache.noteWrite(columns, 'delete')
    return opened
  }

  #openAt(position: number) {
    const { cache, asyncReader, iteration } = this.#parts
    const found = iteration.at(position)
    return found && { ...found, opened: asyncReader.openRow(found.columns, cache.now(), found.row) }
  }

  #finish(opened: OpenedEntry): Promise<LoadedEntry | undefined> {
    const loading = this.#parts.asyncReader.load(opened)
    return opened.descriptor === undefined ? loading : this.track(loading)
  }

  /** Lets `settled` wait for a promise. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.#unfinished.add(promise)
    const forget = () => this.#unfinished.delete(promise)
    promise.then(forget, forget)
    return promise
  }
}
