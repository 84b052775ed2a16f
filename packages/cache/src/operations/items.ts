import {
  type Change,
  checkBoolean,
  checkChange,
  type Entry,
  type Key,
  type KeyColumns,
  type WriteOptions,
} from '@diskcache/core'
import type { LocatedRow, RowOptions } from '@diskcache/core/sqlite'
import type { OpenCache } from '../context/open-cache.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { LoadedEntry, ValueReader } from '../entries/value-reader.ts'
import {
  checkWriteOptions,
  entryOf,
  expireTimeAfter,
  isExpired,
  rowOptions,
  tagColumn,
} from '../entries/write-options.ts'

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

  columns(key: Key): KeyColumns {
    return this.#cache.directory.disk.encodeKey(key)
  }

  /** Loads the live entry and notes the read. */
  read(columns: KeyColumns): LoadedEntry | undefined {
    const now = this.#cache.now()
    const loaded = this.#reader.load(columns, now)
    this.#cache.noteRead(columns, loaded?.row.rowid, now)
    return loaded
  }

  has(columns: KeyColumns): boolean {
    const expireTime = this.#cache.directory.entries.expireTime(columns)
    return expireTime !== undefined && !isExpired(expireTime, this.#cache.now())
  }

  set(key: Key, value: unknown, options: WriteOptions | undefined): Command<boolean> {
    const columns = this.columns(key)
    checkWriteOptions(options)
    return {
      lanes: [columns],
      values: [this.#writer.plan(value)],
      apply: ([prepared], now) => {
        if (prepared === undefined) return false
        this.#writer.put(columns, prepared, rowOptions(options, now), now)
        return true
      },
    }
  }

  add(key: Key, value: unknown, options: WriteOptions | undefined): Command<boolean> {
    const columns = this.columns(key)
    checkWriteOptions(options)
    return {
      lanes: [columns],
      values: [this.#writer.plan(value)],
      shortcut: () =>
        this.#liveRow(columns, this.#cache.now()) === undefined ? undefined : { result: false },
      apply: ([prepared], now) => {
        const row = rowOptions(options, now)
        if (prepared === undefined || isExpired(row.expireTime, now) || this.#liveRow(columns, now))
          return false
        this.#writer.put(columns, prepared, row, now)
        return true
      },
    }
  }

  update(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
  ): Command<Entry<unknown> | undefined> {
    const columns = this.columns(key)
    return { lanes: [columns], values: [], apply: (_, now) => this.#change(columns, change, now) }
  }

  touch(key: Key, ttl: number): Command<boolean> {
    const columns = this.columns(key)
    expireTimeAfter(ttl, 0)
    return {
      lanes: [columns],
      values: [],
      apply: (_, now) => {
        const row = this.#liveRow(columns, now)
        if (row === undefined) return false
        this.#cache.directory.entries.setExpireTime(row.rowid, expireTimeAfter(ttl, now))
        return true
      },
    }
  }

  /** Gives an entry another key; one that has it goes. */
  rename(from: Key, to: Key): Command<boolean> {
    const columns = this.columns(from)
    const target = this.columns(to)
    return {
      lanes: [columns, target],
      values: [],
      apply: (_, now) => {
        const row = this.#liveRow(columns, now)
        if (row === undefined) return false
        if (this.#cache.directory.entries.locate(target)?.rowid !== row.rowid) {
          this.deleteRow(target, now)
          this.#cache.directory.entries.setKey(row.rowid, target)
          this.#cache.noteWrite(columns, 'delete')
          this.#cache.noteWrite(target, 'set')
        }
        return true
      },
    }
  }

  delete(key: Key): Command<boolean> {
    const columns = this.columns(key)
    return { lanes: [columns], values: [], apply: (_, now) => this.deleteRow(columns, now) }
  }

  /** Removes the row, inside a transaction; whether it was live. */
  deleteRow(columns: KeyColumns, now: number): boolean {
    const row = this.#cache.directory.entries.locate(columns)
    if (row === undefined) return false
    this.#cache.directory.remove(row)
    this.#cache.noteWrite(columns, 'delete')
    return !isExpired(row.expireTime, now)
  }

  pop(key: Key): Command<LoadedEntry | undefined> {
    const columns = this.columns(key)
    return {
      lanes: [columns],
      values: [],
      apply: (_, now) => {
        const loaded = this.#reader.load(columns, now)
        if (loaded !== undefined) this.#cache.directory.remove(loaded.row)
        return loaded
      },
    }
  }

  #liveRow(columns: KeyColumns, now: number): LocatedRow | undefined {
    const row = this.#cache.directory.entries.locate(columns)
    return row === undefined || isExpired(row.expireTime, now) ? undefined : row
  }

  #change(
    columns: KeyColumns,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
    now: number,
  ): Entry<unknown> | undefined {
    const loaded = this.#reader.load(columns, now)
    const entry = loaded && entryOf(loaded.row, loaded.value)
    const decision = checkChange(this.#cache.usage.guard(() => change(entry, Math.round(now * 1e3))))
    if ('keep' in decision) return entry
    if ('set' in decision) return this.#set(columns, loaded, decision, now)
    if (loaded !== undefined) this.#cache.directory.remove(loaded.row)
    return undefined
  }

  #set(
    columns: KeyColumns,
    loaded: LoadedEntry | undefined,
    change: SetChange,
    now: number,
  ): Entry<unknown> | undefined {
    const row = this.#changedOptions(loaded, change, now)
    this.#writer.putValue(columns, change.set, row, now)
    return isExpired(row.expireTime, now) ? undefined : entryOf(row, change.set)
  }

  /** What the change leaves out stays as it was. */
  #changedOptions(loaded: LoadedEntry | undefined, { ttl, tag, pin }: SetChange, now: number): RowOptions {
    const row = loaded?.row
    const wasPinned = () => row !== undefined && this.#cache.directory.entries.isPinned(row.rowid)
    return {
      expireTime: ttl === undefined ? (row?.expireTime ?? null) : expireTimeAfter(ttl, now),
      tag: tag === undefined ? (row?.tag ?? null) : tagColumn(tag),
      pin: pin === undefined ? wasPinned() : checkBoolean('pin', pin),
    }
  }
}
