import {
  afterPrefix,
  checkOptions,
  checkString,
  type EntryPages,
  type IterateOptions,
  type Key,
  type KeyColumns,
  type KeyedEntry,
  type PageRow,
  quote,
} from '@diskcache/core'
import type { OpenCache } from './open-cache.ts'
import type { LoadedEntry, ValueReader } from './value-reader.ts'
import { entryOf } from './write-options.ts'

const PAGE = 100

const OPTION_NAMES = ['order', 'reverse', 'prefix', 'foreign']

interface Walk {
  readonly sorted: boolean
  readonly reverse: boolean
  readonly prefix: string | undefined
  readonly skipForeign: boolean
}

/** Iterators over live entries. They hold nothing open: every page of rows is a query of its own. */
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
      if (loaded !== undefined) return { key: this.#key(row), ...entryOf(loaded.row, loaded.value) }
    }
    return undefined
  }

  *#keys(walk: Walk): Generator<Key> {
    for (const row of this.#rows(this.#cache.directory.keyPages, walk, PAGE)) {
      if (!walk.skipForeign || row.raw !== 0n) yield this.#key(row)
    }
  }

  *#entries(walk: Walk): Generator<[Key, unknown]> {
    for (const row of this.#rows(this.#cache.directory.entryPages, walk, PAGE)) {
      if (walk.skipForeign && (row.raw === 0n || row.mode === FOREIGN)) continue
      const loaded = this.#load(row)
      if (loaded !== undefined) yield [this.#key(row), loaded.value]
    }
  }

  *#rows(pages: EntryPages, walk: Walk, size: number): Generator<PageRow> {
    const newest = this.#cache.directory.entries.newestRowid()
    let last: PageRow | undefined
    for (let rows: PageRow[] | undefined; rows === undefined || rows.length === size; ) {
      this.#cache.enter()
      const bounds = { newest, now: this.#cache.now(), limit: size }
      rows = walk.sorted
        ? pages.byKey(last === undefined ? start(walk) : columnsOf(last), walk.reverse, bounds)
        : pages.byRowid(last?.rowid, walk.reverse, bounds)
      for (const row of rows) {
        if (hasPrefix(row, walk.prefix)) yield row
        else if (walk.sorted) return
      }
      last = rows.at(-1)
    }
  }

  #load(row: PageRow): LoadedEntry | undefined {
    this.#cache.enter()
    return this.#reader.finish(columnsOf(row), this.#cache.now(), row)
  }

  #key(row: PageRow): Key {
    return this.#cache.directory.disk.decodeKey(columnsOf(row))
  }
}

/** The mode of Python's pickles. */
const FOREIGN = 4n

const FORWARD: Walk = { sorted: false, reverse: false, prefix: undefined, skipForeign: false }

function checkWalk(options: IterateOptions): Walk {
  checkOptions('the options of an iteration', options, OPTION_NAMES)
  const { order = 'insertion', reverse = false, prefix, foreign = 'throw' } = options
  if (order !== 'insertion' && order !== 'sorted') {
    throw new RangeError(`Cannot use order: expected one of 'insertion', 'sorted', got ${quote(order)}`)
  }
  if (foreign !== 'throw' && foreign !== 'skip') {
    throw new RangeError(`Cannot use foreign: expected one of 'throw', 'skip', got ${quote(foreign)}`)
  }
  if (typeof reverse !== 'boolean')
    throw new TypeError(`Cannot use reverse: expected a boolean, got ${quote(reverse)}`)
  if (prefix !== undefined) checkString('prefix', prefix)
  return { sorted: order === 'sorted', reverse, prefix, skipForeign: foreign === 'skip' }
}

/** Where a walk in the order of keys begins: just before the first key that can have the prefix. */
function start({ prefix, reverse }: Walk): KeyColumns | undefined {
  if (prefix === undefined) return undefined
  // No key has raw -1, so that neither end of the range is left out.
  return { key: reverse ? afterPrefix(prefix) : prefix, raw: 0 }
}

function hasPrefix({ key, raw }: PageRow, prefix: string | undefined): boolean {
  if (prefix === undefined) return true
  return raw === 1n && typeof key === 'string' && key.startsWith(prefix)
}

function columnsOf({ key, raw }: PageRow): KeyColumns {
  return { key, raw: Number(raw) as KeyColumns['raw'] }
}
