import {
  type Change,
  checkChange,
  checkGetOptions,
  checkPin,
  type EncodedKey,
  type Entry,
  type GetOptions,
  type Key,
  NO_TAGS,
  type StreamWriteOptions,
  splitMetadata,
  type Ttl,
  tagsToColumns,
  type WriteOptions,
} from '@diskcache/core'
import type { LocatedRow, RowOptions } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { MemoryReader } from '../entries/memory-reader.ts'
import type { LoadedEntry, ValueReader } from '../entries/value-reader.ts'
import {
  checkWriteOptions,
  entryOf,
  expireTimeAfter,
  isExpired,
  rowOptions,
} from '../entries/write-options.ts'

type SetChange = Extract<Change<unknown>, { set: unknown }>

/** Reads, writes, changes and removes single entries. */
export class Items {
  readonly #context: CacheContext
  readonly #reader: ValueReader
  readonly #writer: EntryWriter
  readonly #memory: MemoryReader | undefined

  constructor(
    context: CacheContext,
    reader: ValueReader,
    writer: EntryWriter,
    memory: MemoryReader | undefined,
  ) {
    this.#context = context
    this.#reader = reader
    this.#writer = writer
    this.#memory = memory
  }

  encodeKey(key: Key): EncodedKey {
    return this.#context.directory.disk.encodeKey(key)
  }

  /** Loads the live entry of a key, from memory where that may be, and notes the read. */
  get(key: Key, options?: GetOptions): LoadedEntry | undefined {
    const memory = this.#memory
    if (memory === undefined || this.#context.directory.connection.inTransaction) {
      this.#context.assertUsable()
      const encodedKey = this.encodeKey(key)
      return checkGetOptions(options) === 'stale' ? undefined : this.#read(encodedKey)
    }
    this.#context.assertOpen()
    const recency = checkGetOptions(options)
    if (recency === 'stale') return memory.recallStale(this.encodeKey(key))
    const isFresh = recency === 'fresh'
    const quick = memory.recallText(key, isFresh)
    if (quick !== undefined && !this.#context.notesReads) return quick
    const encodedKey = this.encodeKey(key)
    const recalled = quick ?? memory.recall(encodedKey, isFresh, key)
    if (recalled === undefined) return this.#read(encodedKey, memory)
    if (this.#context.notesReads) this.#context.noteRead(encodedKey, recalled.row, this.#context.now())
    return recalled
  }

  #read(encodedKey: EncodedKey, reader: Pick<ValueReader, 'load'> = this.#reader): LoadedEntry | undefined {
    const now = this.#context.now()
    const loaded = reader.load(encodedKey, now)
    this.#context.noteRead(encodedKey, loaded?.row, now)
    return loaded
  }

  has(encodedKey: EncodedKey): boolean {
    const expireTime = this.#context.directory.entries.expireTime(encodedKey)
    return expireTime !== undefined && !isExpired(expireTime, this.#context.now())
  }

  setWithMetadata(key: Key, value: unknown, options: StreamWriteOptions): Command<boolean> {
    const [metadata, write] = splitMetadata(options)
    return this.set(key, value, write, this.#writer.besideFile(metadata))
  }

  /** Returns the command that stores a value, with metadata as a column if there are any. */
  set(
    key: Key,
    value: unknown,
    options: WriteOptions | undefined,
    beside: Buffer | null = null,
  ): Command<boolean> {
    const encodedKey = this.encodeKey(key)
    const sets = { key: encodedKey, options: checkWriteOptions(options, this.#context.ttl) }
    return {
      orderKeys: [encodedKey],
      values: [this.#writer.planBeside(value, beside)],
      isReplacement: true,
      sets,
      apply: ([prepared], now) => this.#writer.set({ ...sets, prepared }, now),
    }
  }

  add(key: Key, value: unknown, options: WriteOptions | undefined): Command<boolean> {
    const encodedKey = this.encodeKey(key)
    const write = checkWriteOptions(options, this.#context.ttl)
    return {
      orderKeys: [encodedKey],
      values: [this.#writer.plan(value)],
      shortcut: () =>
        this.#liveRow(encodedKey, this.#context.now()) === undefined ? undefined : { result: false },
      apply: ([prepared], now) => {
        const row = rowOptions(write, now)
        if (prepared === undefined || isExpired(row.expireTime, now) || this.#liveRow(encodedKey, now))
          return false
        this.#writer.put(encodedKey, prepared, row, now)
        return true
      },
    }
  }

  update(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
  ): Command<Entry<unknown> | undefined> {
    const encodedKey = this.encodeKey(key)
    return { orderKeys: [encodedKey], values: [], apply: (_, now) => this.#change(encodedKey, change, now) }
  }

  touch(key: Key, ttl: Ttl): Command<boolean> {
    const encodedKey = this.encodeKey(key)
    expireTimeAfter(ttl, 0)
    return {
      orderKeys: [encodedKey],
      values: [],
      apply: (_, now) => {
        const row = this.#liveRow(encodedKey, now)
        if (row === undefined) return false
        this.#context.directory.entries.setExpireTime(row.rowid, expireTimeAfter(ttl, now))
        return true
      },
    }
  }

  /** Returns the command that gives an entry another key and removes the one that has it. */
  rename(from: Key, to: Key): Command<boolean> {
    const encodedKey = this.encodeKey(from)
    const target = this.encodeKey(to)
    return {
      orderKeys: [encodedKey, target],
      values: [],
      apply: (_, now) => {
        const row = this.#liveRow(encodedKey, now)
        if (row === undefined) return false
        if (this.#context.directory.entries.locate(target)?.rowid !== row.rowid) {
          this.deleteRow(target, now)
          this.#context.directory.entries.setKey(row.rowid, target)
          this.#context.noteWrite(encodedKey, 'delete')
          this.#context.noteWrite(target, 'set')
        }
        return true
      },
    }
  }

  delete(key: Key): Command<boolean> {
    const encodedKey = this.encodeKey(key)
    return { orderKeys: [encodedKey], values: [], apply: (_, now) => this.deleteRow(encodedKey, now) }
  }

  /** Removes the row of a key, inside a transaction, and returns whether it was live. */
  deleteRow(encodedKey: EncodedKey, now: number): boolean {
    const row = this.#context.directory.entries.locate(encodedKey)
    if (row === undefined) return false
    this.#context.directory.remove(row)
    this.#context.noteWrite(encodedKey, 'delete')
    return !isExpired(row.expireTime, now)
  }

  pop(key: Key): Command<LoadedEntry | undefined> {
    const encodedKey = this.encodeKey(key)
    return {
      orderKeys: [encodedKey],
      values: [],
      apply: (_, now) => {
        const loaded = this.#reader.load(encodedKey, now)
        if (loaded !== undefined) this.#context.directory.remove(loaded.row)
        return loaded
      },
    }
  }

  #liveRow(encodedKey: EncodedKey, now: number): LocatedRow | undefined {
    const row = this.#context.directory.entries.locate(encodedKey)
    return row === undefined || isExpired(row.expireTime, now) ? undefined : row
  }

  #change(
    encodedKey: EncodedKey,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
    now: number,
  ): Entry<unknown> | undefined {
    const loaded = this.#reader.load(encodedKey, now)
    const entry = loaded && this.#reader.entryOf(loaded)
    const decision = checkChange(this.#context.usage.runCallback(() => change(entry, Math.round(now * 1e3))))
    if ('keep' in decision) return entry
    if (!('delete' in decision)) return this.#set(encodedKey, loaded, decision, now)
    if (loaded !== undefined) this.#context.directory.remove(loaded.row)
    return undefined
  }

  #set(
    encodedKey: EncodedKey,
    loaded: LoadedEntry | undefined,
    change: SetChange,
    now: number,
  ): Entry<unknown> | undefined {
    const row = this.#changedOptions(loaded, change, now)
    this.#writer.putValue(encodedKey, change.set, row, now)
    return isExpired(row.expireTime, now) ? undefined : entryOf(row, change.set)
  }

  /** Returns the options of the changed row. What the change leaves out stays as it was. */
  #changedOptions(loaded: LoadedEntry | undefined, { ttl, tag, pin }: SetChange, now: number): RowOptions {
    const row = loaded?.row
    const time = row === undefined && ttl === undefined ? this.#context.ttl : ttl
    const tags = tag === undefined ? (row ?? NO_TAGS) : tagsToColumns(tag)
    const before = () => row !== undefined && this.#context.directory.entries.pin(row.rowid)
    return {
      expireTime: time === undefined ? (row?.expireTime ?? null) : expireTimeAfter(time, now),
      tag: tags.tag,
      moreTags: tags.moreTags,
      pin: pin === undefined ? before() : checkPin(pin),
    }
  }
}
