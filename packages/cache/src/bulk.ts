import {
  checkOptions,
  type Key,
  type KeyColumns,
  quote,
  type RowOptions,
  type StoredValue,
  type WriteOptions,
} from '@diskcache/core'
import type { EntryWriter } from './entry-writer.ts'
import type { Items } from './items.ts'
import type { OpenCache } from './open-cache.ts'
import type { LoadedEntry, ValueReader } from './value-reader.ts'
import { isExpired, rowOptions, WRITE_OPTION_NAMES } from './write-options.ts'

interface PreparedEntry {
  readonly columns: KeyColumns
  readonly row: RowOptions
  readonly stored: StoredValue | undefined
}

/** Many entries in one transaction. */
export class Bulk {
  readonly #cache: OpenCache
  readonly #reader: ValueReader
  readonly #writer: EntryWriter
  readonly #items: Items

  constructor(cache: OpenCache, reader: ValueReader, writer: EntryWriter, items: Items) {
    this.#cache = cache
    this.#reader = reader
    this.#writer = writer
    this.#items = items
  }

  /** The live entries as of one moment. Files are read afterwards; one that was replaced meanwhile is read anew. */
  read(keys: Iterable<Key>): (LoadedEntry | undefined)[] {
    const { directory, readLog } = this.#cache
    const now = this.#cache.now()
    const settings = this.#cache.settingsAt(now)
    const columns = this.#columns(keys)
    const rows = directory.connection.snapshot(() => columns.map((key) => directory.entries.find(key)))
    return columns.map((key, i) => {
      const loaded = this.#reader.finish(key, now, rows[i])
      readLog.note(loaded?.row.rowid, now, settings)
      return loaded
    })
  }

  has(keys: Iterable<Key>): boolean[] {
    const { directory } = this.#cache
    const now = this.#cache.now()
    const columns = this.#columns(keys)
    const times = directory.connection.snapshot(() => columns.map((key) => directory.entries.expireTime(key)))
    return times.map((time) => time !== undefined && !isExpired(time, now))
  }

  set(
    entries: Iterable<readonly [Key, unknown, WriteOptions?]>,
    defaults: WriteOptions | undefined,
  ): boolean[] {
    const now = this.#cache.now()
    const prepared = this.#prepare(entries, defaults, now)
    this.#writer.transact(
      prepared.map(({ stored }) => stored),
      () => {
        for (const { columns, stored, row } of prepared) {
          if (stored !== undefined) this.#writer.put(columns, stored, row, now)
        }
      },
    )
    return prepared.map(({ stored }) => stored !== undefined)
  }

  delete(keys: Iterable<Key>): boolean[] {
    const now = this.#cache.now()
    const columns = this.#columns(keys)
    return this.#cache.directory.connection.transact(() =>
      columns.map((key) => this.#items.deleteRow(key, now)),
    )
  }

  /** All of them before the first is written, so that a bad one leaves nothing behind. */
  #prepare(
    entries: Iterable<readonly [Key, unknown, WriteOptions?]>,
    defaults: WriteOptions | undefined,
    now: number,
  ): PreparedEntry[] {
    const prepared: PreparedEntry[] = []
    const defaultRow = rowOptions(defaults, now)
    try {
      for (const entry of entries) {
        if (!Array.isArray(entry))
          throw new TypeError(`Cannot set many: expected [key, value], got ${quote(entry)}`)
        const [key, value, options] = entry as readonly [Key, unknown, WriteOptions?]
        const columns = this.#cache.directory.disk.encodeKey(key)
        const row = options === undefined ? defaultRow : rowOptions(merge(defaults, options), now)
        prepared.push({ columns, row, stored: this.#writer.prepare(value, now) })
      }
    } catch (error) {
      this.#writer.discard(prepared.map(({ stored }) => stored))
      throw error
    }
    return prepared
  }

  #columns(keys: Iterable<Key>): KeyColumns[] {
    return Array.from(keys, (key) => this.#cache.directory.disk.encodeKey(key))
  }
}

function merge(defaults: WriteOptions | undefined, options: WriteOptions): WriteOptions {
  checkOptions('the write options', options, WRITE_OPTION_NAMES)
  return { ...defaults, ...options }
}
