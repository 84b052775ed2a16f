import { checkIterable, type EncodedKey, ITEMS_PER_SLICE, type Key } from '@diskcache/core'
import type { EntryRow } from '@diskcache/core/sqlite'
import type { OpenedEntry } from '../entries/async-value-reader.ts'
import { SnapshotRead } from '../entries/snapshot-read.ts'
import type { LoadedEntry } from '../entries/value-reader.ts'
import type { CacheParts } from '../operations/cache-parts.ts'
import type { PositionedRow } from '../operations/iteration.ts'
import type { AsyncOperations } from './async-operations.ts'
import { GroupRead } from './group-read.ts'

type Signal = AbortSignal | undefined

/** Loads entries, whose files are read in the background. */
export class AsyncEntries {
  readonly #parts: CacheParts
  readonly #operations: AsyncOperations
  readonly #group: GroupRead
  /** The reads and writes of files that are under way: the cache is not closed meanwhile. */
  readonly #unfinished = new Set<Promise<unknown>>()

  constructor(parts: CacheParts, operations: AsyncOperations) {
    this.#parts = parts
    this.#operations = operations
    this.#group = new GroupRead(parts, operations, (opened) => this.#finish(opened))
  }

  /**
   * Returns the live entry of a key if memory has it, no write of it is pending, and it is known to be true, and notes
   * the read; `undefined` otherwise.
   */
  recall(encodedKey: EncodedKey, isFresh: boolean): LoadedEntry | undefined {
    const { context, memory } = this.#parts
    if (memory === undefined || this.#operations.mustWait(encodedKey)) return undefined
    const recalled = this.#operations.attempt(() => memory.recall(encodedKey, isFresh))?.result
    if (recalled !== undefined && context.notesReads)
      context.noteRead(encodedKey, recalled.row, context.now())
    return recalled
  }

  /** Returns what memory has of a key, however old, unless that has expired, was changed here, or may be soon. */
  recallStale(encodedKey: EncodedKey): LoadedEntry | undefined {
    const { memory } = this.#parts
    return this.#operations.mayChange(encodedKey) ? undefined : memory?.recallStale(encodedKey)
  }

  /** Resolves to the live entry of a key that could not be recalled, whose read is not noted yet. */
  load(encodedKey: EncodedKey, signal: Signal): Promise<LoadedEntry | undefined> {
    return this.#group.load(encodedKey, signal)
  }

  /** Reads at once what was asked for by {@link load}. */
  flush(): void {
    this.#group.flush()
  }

  /** Notes the read of an entry and returns the entry. */
  noted(encodedKey: EncodedKey, loaded: LoadedEntry | undefined): LoadedEntry | undefined {
    const { context } = this.#parts
    context.noteRead(encodedKey, loaded?.row, context.now())
    return loaded
  }

  /** Loads live entries, of one moment unless they are more than a slice, and notes the reads. */
  async loadMany(keys: Iterable<Key>, signal: Signal): Promise<(LoadedEntry | undefined)[]> {
    const { bulk } = this.#parts
    checkIterable('keys', keys)
    const all = [...keys]
    if (all.length > ITEMS_PER_SLICE) {
      const load = (slice: readonly Key[]) => this.#loadSnapshot(bulk.encodeKeys(slice), signal)
      return this.#operations.readInSlices(all, load, signal)
    }
    const encodedKeys = bulk.encodeKeys(all)
    const rows = this.#takeInline(encodedKeys)
    if (rows !== undefined) return this.#finishInline(encodedKeys, rows)
    // Later writes wait, because they could remove files that are still to be read.
    return this.#operations.alone(() => this.#loadSnapshot(encodedKeys, signal), signal)
  }

  /** Resolves to whether there are live entries, of one moment unless they are more than a slice. */
  async haveMany(keys: Iterable<Key>, signal: Signal): Promise<boolean[]> {
    const { bulk } = this.#parts
    checkIterable('keys', keys)
    const all = [...keys]
    if (all.length > ITEMS_PER_SLICE) {
      const have = (slice: readonly Key[]) =>
        this.#operations.retry(() => bulk.has(bulk.encodeKeys(slice)), { signal })
      return this.#operations.readInSlices(all, have, signal)
    }
    const encodedKeys = bulk.encodeKeys(all)
    return this.#operations.readAll(() => bulk.has(encodedKeys), signal)
  }

  /** Loads the live entry at a position in sorted order. */
  async loadAt(position: number, signal: Signal): Promise<(LoadedEntry & PositionedRow) | undefined> {
    let vanished: bigint | undefined
    for (;;) {
      const found = await this.#operations.readAll(() => this.#openAt(position), signal)
      if (found === undefined || found.row.rowid === vanished) return undefined
      const loaded = found.opened && (await this.#finish(found.opened))
      if (loaded !== undefined) return { ...loaded, encodedKey: found.encodedKey }
      vanished = found.row.rowid
    }
  }

  /** Loads an entry, beginning with a row that was read already. */
  async loadRow(key: EncodedKey, row: EntryRow, signal: Signal): Promise<LoadedEntry | undefined> {
    const { context, asyncReader } = this.#parts
    const opened = await this.#operations.retry(() => asyncReader.openRow(key, context.now(), row), {
      signal,
    })
    return opened && this.#finish(opened)
  }

  /** Removes the live entry and resolves to it. The value is decoded before that, so that one that cannot be stays. */
  pop(encodedKey: EncodedKey, signal: Signal): Promise<LoadedEntry | undefined> {
    if (this.#isInFile(encodedKey))
      return this.#operations.alone(() => this.#popFile(encodedKey, signal), signal)
    const apply = (_: unknown, now: number) => this.#takeOut(encodedKey, now)
    return this.#operations.run({ orderKeys: [encodedKey], values: [], apply }, signal)
  }

  /** Resolves when no file is being read or written any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#unfinished)
  }

  /** Returns the live rows as of now, or `undefined` when operations are pending or a value is in a file. */
  #takeInline(encodedKeys: readonly EncodedKey[]): readonly (EntryRow | undefined)[] | undefined {
    const { context } = this.#parts
    if (!this.#operations.isFree) return undefined
    const snapshot = new SnapshotRead(context.directory, encodedKeys)
    const rows = this.#operations.attempt(() => snapshot.readRows(context.now()))?.result
    const isInline = rows?.every((row) => row === undefined || row.filename === null)
    return isInline ? rows : undefined
  }

  #finishInline(encodedKeys: readonly EncodedKey[], rows: readonly (EntryRow | undefined)[]) {
    const values = rows.map((row, i) => row && this.#parts.reader.decode(row, encodedKeys[i] as EncodedKey))
    return this.#parts.bulk.noteReads(encodedKeys, rows, values)
  }

  async #loadSnapshot(encodedKeys: readonly EncodedKey[], signal: Signal) {
    const { context, bulk, asyncReader } = this.#parts
    const snapshot = new SnapshotRead(context.directory, encodedKeys)
    for (;;) {
      const rows = await this.#operations.retry(() => snapshot.readRows(context.now()), { signal })
      const values: unknown[] = []
      for (const [i, row] of rows.entries()) {
        values.push(row && (await asyncReader.decode(row, encodedKeys[i] as EncodedKey)))
      }
      if (snapshot.accepts(values)) return bulk.noteReads(encodedKeys, rows, values)
    }
  }

  /** Returns whether the value of a key is known to be in a file: nothing is pending on the key. */
  #isInFile(encodedKey: EncodedKey): boolean {
    if (this.#operations.mustWait(encodedKey)) return false
    const { entries } = this.#parts.context.directory
    const filename = this.#operations.attempt(() => entries.find(encodedKey))?.result?.filename
    return typeof filename === 'string'
  }

  /** Reads a file in the background, and removes exactly what it read. Later operations wait. */
  async #popFile(encodedKey: EncodedKey, signal: Signal): Promise<LoadedEntry | undefined> {
    const { context, asyncReader } = this.#parts
    for (;;) {
      const open = () => asyncReader.open(encodedKey, context.now())
      const opened = await this.#operations.retry(open, { signal })
      const loaded = opened && (await this.#finish(opened))
      if (loaded === undefined) return undefined
      const apply = () => this.#removeExactly(loaded.row, encodedKey)
      const command = { orderKeys: [encodedKey], values: [], apply }
      if (await this.#operations.runInside(command, signal)) return loaded
    }
  }

  #removeExactly(row: EntryRow, encodedKey: EncodedKey): boolean {
    const { context } = this.#parts
    if (!context.directory.entries.deleteExactly(row)) return false
    context.directory.discardFile(row.filename)
    context.noteWrite(encodedKey, 'delete')
    return true
  }

  #takeOut(encodedKey: EncodedKey, now: number): LoadedEntry | undefined {
    const { context, reader } = this.#parts
    const loaded = reader.load(encodedKey, now)
    if (loaded === undefined) return undefined
    context.directory.remove(loaded.row)
    context.noteWrite(encodedKey, 'delete')
    return loaded
  }

  #openAt(position: number) {
    const { context, asyncReader, iteration } = this.#parts
    const found = iteration.at(position)
    return found && { ...found, opened: asyncReader.openRow(found.encodedKey, context.now(), found.row) }
  }

  #finish(opened: OpenedEntry): Promise<LoadedEntry | undefined> {
    const loading = this.#parts.asyncReader.load(opened)
    return opened.descriptor === undefined ? loading : this.track(loading)
  }

  /** Lets `settled` wait for a promise, and returns it. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.#unfinished.add(promise)
    const forget = () => this.#unfinished.delete(promise)
    promise.then(forget, forget)
    return promise
  }
}
