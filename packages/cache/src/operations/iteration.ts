import {
  type Column,
  type EncodedKey,
  type IterateOptions,
  type Key,
  type KeyedEntry,
  Mode,
} from '@diskcache/core'
import type { EntryPages, EntryRow, PageRow } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { LoadedEntry, ValueReader } from '../entries/value-reader.ts'
import type { Batch } from '../upkeep/eviction.ts'
import { checkWalk, encodedKeyOf, FORWARD, Pager, type Walk } from './pager.ts'

export const ROWS_PER_PAGE = 100

/** The number of keys that are counted at a time. */
const KEYS_PER_COUNT = 50_000

/** A key at some position in sorted order, and its row. */
export interface PositionedRow {
  readonly encodedKey: EncodedKey
  readonly row: EntryRow
}

/** Iterates over live entries, and finds them by their position. */
export class Iteration {
  readonly #context: CacheContext
  readonly #reader: ValueReader

  constructor(context: CacheContext, reader: ValueReader) {
    this.#context = context
    this.#reader = reader
  }

  keys(options: IterateOptions): IteratorObject<Key> {
    return this.#keys(this.walk(options))
  }

  entries(options: IterateOptions): IteratorObject<[Key, unknown]> {
    return this.#entries(this.walk(options))
  }

  /** Completes the options of an iteration; throws `TypeError` or `RangeError` that names an illegal one. */
  walk(options: IterateOptions): Walk {
    return checkWalk(options, this.#context.directory.disk)
  }

  /** Returns the first or last live entry in the order of insertion, or `undefined` when there is none. */
  edge(last: boolean): KeyedEntry<Key, unknown> | undefined {
    for (const row of this.#rows(this.#context.directory.entryPages, { ...FORWARD, reverse: last }, 1)) {
      const loaded = this.#load(row)
      if (loaded !== undefined) return this.keyedEntry(encodedKeyOf(row), loaded)
    }
    return undefined
  }

  /** Returns the key at a position in sorted order, and its row, or `undefined` when there is none. */
  at(position: number): PositionedRow | undefined {
    const { connection, entries } = this.#context.directory
    return connection.snapshot(() => {
      const encodedKey = this.#encodedKeyAt(position)
      const row = encodedKey && entries.find(encodedKey)
      return row && { encodedKey: encodedKey, row }
    })
  }

  keyAt(position: number): Key | undefined {
    const { connection, disk } = this.#context.directory
    const encodedKey = connection.snapshot(() => this.#encodedKeyAt(position))
    return encodedKey && disk.decodeKey(encodedKey)
  }

  /** Returns the entry at a position, or `undefined` when there is none or it has expired. */
  entryAt(position: number): KeyedEntry<Key, unknown> | undefined {
    const now = this.#context.now()
    let vanished: bigint | undefined
    for (;;) {
      const found = this.at(position)
      // When the same row comes twice, its file is gone for good.
      if (found === undefined || found.row.rowid === vanished) return undefined
      const loaded = this.#reader.loadFrom(found.encodedKey, now, found.row)
      if (loaded !== undefined) return this.keyedEntry(found.encodedKey, loaded)
      vanished = found.row.rowid
    }
  }

  /** Returns the batches that count the entries whose key is a string with this prefix, expired ones included. */
  counts(prefix: string): Batch {
    let last: Column = null
    let isDone = false
    return () => {
      if (isDone) return undefined
      const found = this.#context.directory.positions.countWithPrefix(prefix, last, KEYS_PER_COUNT)
      last = found.last
      isDone = found.count < KEYS_PER_COUNT
      return found.count
    }
  }

  keyedEntry(encodedKey: EncodedKey, loaded: LoadedEntry): KeyedEntry<Key, unknown> {
    return { key: this.#context.directory.disk.decodeKey(encodedKey), ...this.#reader.entryOf(loaded) }
  }

  #encodedKeyAt(position: number): EncodedKey | undefined {
    const { positions } = this.#context.directory
    const count = this.#context.directory.counter('count')
    const index = position < 0 ? count + position : position
    if (index < 0 || index >= count) return undefined
    return index < count / 2 ? positions.find(index, 'first') : positions.find(count - 1 - index, 'last')
  }

  key(row: PageRow): Key {
    return this.#context.directory.disk.decodeKey(encodedKeyOf(row))
  }

  /** Returns whether the key is one that was stored, and not one that a changed byte has made. */
  isKeyIntact(row: PageRow): boolean {
    return this.#context.directory.isKeyIntact(row, encodedKeyOf(row))
  }

  *#keys(walk: Walk): Generator<Key> {
    for (const row of this.#rows(this.#context.directory.keyPages, walk, ROWS_PER_PAGE)) {
      if (!isSkippedKey(row, walk) && this.isKeyIntact(row)) yield this.key(row)
    }
  }

  *#entries(walk: Walk): Generator<[Key, unknown]> {
    for (const row of this.#rows(this.#context.directory.entryPages, walk, ROWS_PER_PAGE)) {
      if (isSkippedEntry(row, walk)) continue
      const loaded = this.#load(row)
      if (loaded !== undefined) yield [this.key(row), loaded.value]
    }
  }

  *#rows(pages: EntryPages, walk: Walk, size: number): Generator<PageRow> {
    const pager = new Pager(this.#context, pages, walk, size)
    for (let rows = pager.next(); rows !== undefined; rows = pager.next()) yield* rows
  }

  #load(row: PageRow): LoadedEntry | undefined {
    this.#context.assertUsable()
    return this.#reader.loadFrom(encodedKeyOf(row), this.#context.now(), row)
  }
}

/** Returns whether the walk passes over keys that Python pickled, and this is one. */
export function isSkippedKey({ raw }: PageRow, { skipForeign }: Walk): boolean {
  return skipForeign && raw === 0n
}

export function isSkippedEntry(row: PageRow, walk: Walk): boolean {
  return isSkippedKey(row, walk) || (walk.skipForeign && Number(row.mode) === Mode.pickle)
}
