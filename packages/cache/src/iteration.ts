import {
  type EntryPages,
  type IterateOptions,
  type Key,
  type KeyedEntry,
  Mode,
  type PageRow,
} from '@diskcache/core'
import type { OpenCache } from './open-cache.ts'
import { checkWalk, columnsOf, FORWARD, Pager, type Walk } from './pager.ts'
import type { LoadedEntry, ValueReader } from './value-reader.ts'
import { entryOf } from './write-options.ts'

export const PAGE = 100

/** Iterators over live entries. */
export class Iteration {
  readonly #cache: OpenCache
  readonly #reader: ValueReader

  constructor(cache: OpenCache, reader: ValueReader) {
    this.#cache = cache
    this.#reader = reader
  }

  keys(options: IterateOptions): IteratorObject<Key> {
    return this.#keys(checkWalk(options))
  }

  entries(options: IterateOptions): IteratorObject<[Key, unknown]> {
    return this.#entries(checkWalk(options))
  }

  /** The first or last live entry in the order of insertion. */
  edge(last: boolean): KeyedEntry<Key, unknown> | undefined {
    for (const row of this.#rows(this.#cache.directory.entryPages, { ...FORWARD, reverse: last }, 1)) {
      const loaded = this.#load(row)
      if (loaded !== undefined) return { key: this.key(row), ...entryOf(loaded.row, loaded.value) }
    }
    return undefined
  }

  /** The key at a position in sorted order, counted from whichever end is nearer. */
  keyAt(position: number): Key | undefined {
    const { connection, positions, disk } = this.#cache.directory
    const columns = connection.snapshot(() => {
      const count = this.#cache.directory.counter('count')
      const index = position < 0 ? count + position : position
      if (index < 0 || index >= count) return undefined
      return index < count / 2 ? positions.find(index, 'first') : positions.find(count - 1 - index, 'last')
    })
    return columns && disk.decodeKey(columns)
  }

  key(row: PageRow): Key {
    return this.#cache.directory.disk.decodeKey(columnsOf(row))
  }

  *#keys(walk: Walk): Generator<Key> {
    for (const row of this.#rows(this.#cache.directory.keyPages, walk, PAGE)) {
      if (!isSkippedKey(row, walk)) yield this.key(row)
    }
  }

  *#entries(walk: Walk): Generator<[Key, unknown]> {
    for (const row of this.#rows(this.#cache.directory.entryPages, walk, PAGE)) {
      if (isSkippedEntry(row, walk)) continue
      const loaded = this.#load(row)
      if (loaded !== undefined) yield [this.key(row), loaded.value]
    }
  }

  *#rows(pages: EntryPages, walk: Walk, size: number): Generator<PageRow> {
    const pager = new Pager(this.#cache, pages, walk, size)
    for (let rows = pager.next(); rows !== undefined; rows = pager.next()) yield* rows
  }

  #load(row: PageRow): LoadedEntry | undefined {
    this.#cache.enter()
    return this.#reader.finish(columnsOf(row), this.#cache.now(), row)
  }
}

/** Whether the walk leaves out keys that Python pickled, and this is one. */
export function isSkippedKey({ raw }: PageRow, { skipForeign }: Walk): boolean {
  return skipForeign && raw === 0n
}

export function isSkippedEntry(row: PageRow, walk: Walk): boolean {
  return isSkippedKey(row, walk) || (walk.skipForeign && Number(row.mode) === Mode.pickle)
}
