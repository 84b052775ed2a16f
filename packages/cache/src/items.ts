import {
  type Change,
  checkBoolean,
  checkOptions,
  type Entry,
  type Key,
  type KeyColumns,
  type LocatedRow,
  quote,
  type RowOptions,
  type StoredValue,
  type WriteOptions,
} from '@diskcache/core'
import { type EntryWriter, tooLarge } from './entry-writer.ts'
import type { OpenCache } from './open-cache.ts'
import type { LoadedEntry, ValueReader } from './value-reader.ts'
import {
  entryOf,
  expireTimeAfter,
  isExpired,
  rowOptions,
  tagColumn,
  WRITE_OPTION_NAMES,
} from './write-options.ts'

type SetChange = Extract<Change<unknown>, { set: unknown }>

/** Single entries: read, written, changed and removed. */
export class Items {
  readonly #cache: OpenCache
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(cache: OpenCache, reader: ValueReader, writer: EntryWriter) {
    this.#cache = cache
    this.#reader = reader
    this.#writer = writer
  }

  /** Loads the live entry and notes the read. */
  read(key: Key): LoadedEntry | undefined {
    const now = this.#cache.now()
    const loaded = this.#reader.load(this.#columns(key), now)
    this.#cache.readLog.note(loaded?.row.rowid, now, this.#cache.settingsAt(now))
    return loaded
  }

  has(key: Key): boolean {
    const expireTime = this.#cache.directory.entries.expireTime(this.#columns(key))
    return expireTime !== undefined && !isExpired(expireTime, this.#cache.now())
  }

  set(key: Key, value: unknown, options: WriteOptions | undefined): boolean {
    const now = this.#cache.now()
    const columns = this.#columns(key)
    const row = rowOptions(options, now)
    const stored = this.#writer.prepare(value, now)
    if (stored === undefined) return false
    this.#writer.transact([stored], () => this.#writer.put(columns, stored, row, now))
    return true
  }

  add(key: Key, value: unknown, options: WriteOptions | undefined): boolean {
    const now = this.#cache.now()
    const columns = this.#columns(key)
    const row = rowOptions(options, now)
    // Who comes too late needs neither the lock nor a file.
    if (isExpired(row.expireTime, now) || this.#liveRow(columns, now) !== undefined) return false
    const stored = this.#writer.prepare(value, now)
    if (stored === undefined) return false
    const added = this.#writer.transact([stored], () => this.#addRow(columns, stored, row, now))
    if (!added) this.#writer.discard([stored])
    return added
  }

  update(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
  ): Entry<unknown> | undefined {
    const now = this.#cache.now()
    const columns = this.#columns(key)
    return this.#cache.directory.connection.transact(() => {
      const loaded = this.#reader.load(columns, now)
      const entry = loaded && entryOf(loaded.row, loaded.value)
      const decision = checkChange(this.#cache.guard(() => change(entry, Math.round(now * 1e3))))
      if ('set' in decision) return this.#applySet(columns, loaded, decision, now)
      if ('keep' in decision) return entry
      if (loaded !== undefined) this.#cache.directory.remove(loaded.row)
      return undefined
    })
  }

  touch(key: Key, ttl: number): boolean {
    const now = this.#cache.now()
    const columns = this.#columns(key)
    const expireTime = expireTimeAfter(ttl, now)
    return this.#cache.directory.connection.transact(() => {
      const row = this.#liveRow(columns, now)
      if (row === undefined) return false
      this.#cache.directory.entries.setExpireTime(row.rowid, expireTime)
      return true
    })
  }

  delete(key: Key): boolean {
    const now = this.#cache.now()
    const columns = this.#columns(key)
    return this.#cache.directory.connection.transact(() => this.deleteRow(columns, now))
  }

  /** Removes the row, inside a transaction; whether it was live. */
  deleteRow(columns: KeyColumns, now: number): boolean {
    const row = this.#cache.directory.entries.locate(columns)
    if (row === undefined) return false
    this.#cache.directory.remove(row)
    return !isExpired(row.expireTime, now)
  }

  pop(key: Key): LoadedEntry | undefined {
    const now = this.#cache.now()
    const columns = this.#columns(key)
    return this.#cache.directory.connection.transact(() => {
      const loaded = this.#reader.load(columns, now)
      if (loaded !== undefined) this.#cache.directory.remove(loaded.row)
      return loaded
    })
  }

  #columns(key: Key): KeyColumns {
    return this.#cache.directory.disk.encodeKey(key)
  }

  #liveRow(columns: KeyColumns, now: number): LocatedRow | undefined {
    const row = this.#cache.directory.entries.locate(columns)
    return row === undefined || isExpired(row.expireTime, now) ? undefined : row
  }

  #addRow(columns: KeyColumns, stored: StoredValue, row: RowOptions, now: number): boolean {
    if (this.#liveRow(columns, now) !== undefined) return false
    this.#writer.put(columns, stored, row, now)
    return true
  }

  #applySet(
    columns: KeyColumns,
    loaded: LoadedEntry | undefined,
    change: SetChange,
    now: number,
  ): Entry<unknown> | undefined {
    const stored = this.#writer.prepare(change.set, now)
    if (stored === undefined) throw tooLarge('update')
    const row = this.#changedOptions(loaded, change, now)
    this.#writer.transact([stored], () => this.#writer.put(columns, stored, row, now))
    return isExpired(row.expireTime, now) ? undefined : entryOf(row, change.set)
  }

  /** What the change leaves out stays as it was. */
  #changedOptions(loaded: LoadedEntry | undefined, change: SetChange, now: number): RowOptions {
    const { ttl, tag, pin } = change
    const row = loaded?.row
    return {
      expireTime: ttl === undefined ? (row?.expireTime ?? null) : expireTimeAfter(ttl, now),
      tag: tag === undefined ? (row?.tag ?? null) : tagColumn(tag),
      pin:
        pin === undefined
          ? row !== undefined && this.#cache.directory.entries.isPinned(row.rowid)
          : checkBoolean('pin', pin),
    }
  }
}

function checkChange(change: unknown): Change<unknown> {
  if (typeof change !== 'object' || change === null) {
    throw new TypeError(`Cannot update: expected the callback to return a change, got ${quote(change)}`)
  }
  if ('then' in change)
    throw new TypeError('Cannot update: the callback returned a promise, but must be synchronous')
  checkOptions('the change', change, ['set', 'delete', 'keep', ...WRITE_OPTION_NAMES])
  const kinds = ['set', 'delete', 'keep'].filter((kind) => kind in change)
  if (kinds.length === 1) return change as Change<unknown>
  throw new TypeError(`Cannot update: a change has one of set, delete and keep, got ${quote(change)}`)
}
