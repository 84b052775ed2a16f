import {
  checkIterable,
  type EncodedKey,
  isSliceOver,
  type Key,
  quote,
  type WriteOptions,
  withCommonOptions,
  withDefaultTtl,
  withDetails,
} from '@diskcache/core'
import type { EntryRow } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import { aboutLength, FILE_WEIGHT, type PlannedValue } from '../entries/prepared-value.ts'
import { SnapshotRead } from '../entries/snapshot-read.ts'
import { DAMAGED, type LoadedEntry, type ValueReader } from '../entries/value-reader.ts'
import { checkWriteOptions, isExpired } from '../entries/write-options.ts'
import { ItemsAhead, itemSlices } from './item-slices.ts'
import type { Items } from './items.ts'

interface PlannedEntry {
  readonly encodedKey: EncodedKey
  readonly planned: PlannedValue
  readonly options: WriteOptions | undefined
}

/** The bytes, about, from which on a value in a row counts for more than one. */
const BYTES_PER_ITEM = 4_096

/** Reads, writes and removes many entries, in one transaction or slice by slice. */
export class Bulk {
  readonly #context: CacheContext
  readonly #reader: ValueReader
  readonly #writer: EntryWriter
  readonly #items: Items

  constructor(context: CacheContext, reader: ValueReader, writer: EntryWriter, items: Items) {
    this.#context = context
    this.#reader = reader
    this.#writer = writer
    this.#items = items
  }

  encodeKeys(keys: Iterable<Key>): EncodedKey[] {
    checkIterable('keys', keys)
    return Array.from(keys, (key) => this.#items.encodeKey(key))
  }

  /** Returns the live entries as of one moment, with `undefined` for each key that has none. */
  read(encodedKeys: readonly EncodedKey[]): (LoadedEntry | undefined)[] {
    const snapshot = new SnapshotRead(this.#context.directory, encodedKeys)
    for (;;) {
      const rows = snapshot.readRows(this.#context.now())
      const values = rows.map((row, i) => row && this.#reader.decode(row, encodedKeys[i] as EncodedKey))
      if (snapshot.accepts(values)) return this.noteReads(encodedKeys, rows, values)
    }
  }

  /** Notes the reads, removes what is damaged, and returns the entries. */
  noteReads(
    encodedKeys: readonly EncodedKey[],
    rows: readonly (EntryRow | undefined)[],
    values: readonly unknown[],
  ): (LoadedEntry | undefined)[] {
    const now = this.#context.now()
    return encodedKeys.map((key, i) => {
      const [row, value] = [rows[i], values[i]]
      const isSound = row !== undefined && value !== DAMAGED
      if (row !== undefined && !isSound) this.#reader.removeDamaged(row, key)
      this.#context.noteRead(key, isSound ? row : undefined, now)
      return isSound ? { row, value } : undefined
    })
  }

  has(encodedKeys: readonly EncodedKey[]): boolean[] {
    const { directory } = this.#context
    const now = this.#context.now()
    const times = directory.connection.snapshot(() =>
      encodedKeys.map((key) => directory.entries.expireTime(key)),
    )
    return times.map((time) => time !== undefined && !isExpired(time, now))
  }

  set(
    entries: Iterable<readonly [Key, unknown, WriteOptions?]>,
    defaults: WriteOptions | undefined,
  ): Command<boolean[]> {
    checkIterable('entries', entries)
    const common = checkWriteOptions(defaults, this.#context.ttl)
    return this.#setAll(Array.from(entries, (entry) => this.#plan(entry, common)))
  }

  /**
   * Returns commands that store the entries in their order: each as many as may go into one transaction where the event
   * loop must not wait. Entries are encoded when their command is asked for. To encode them may take long, too: where
   * there are more than one slice holds, a command has no more of them than there is time for.
   */
  *setInSlices(
    entries: Iterable<readonly [Key, unknown, WriteOptions?]>,
    defaults: WriteOptions | undefined,
  ): Generator<Command<boolean[]>, undefined, undefined> {
    checkIterable('entries', entries)
    const common = checkWriteOptions(defaults, this.#context.ttl)
    const ahead = new ItemsAhead(entries)
    const planned = Iterator.from(ahead).map((entry) => this.#plan(entry, common))
    const isOver = () => ahead.isMany && isSliceOver()
    for (const slice of itemSlices(planned, weightOf, isOver)) yield this.#setAll(slice)
  }

  #setAll(planned: readonly PlannedEntry[]): Command<boolean[]> {
    return {
      orderKeys: planned.map(({ encodedKey }) => encodedKey),
      values: planned.map((entry) => entry.planned),
      isReplacement: true,
      apply: (prepared, now) => {
        const sets = planned.map(({ encodedKey: key, options }, i) => ({
          key,
          options,
          prepared: prepared[i],
        }))
        return this.#writer.setAll(sets, now)
      },
    }
  }

  delete(keys: Iterable<Key>): Command<boolean[]> {
    return this.#deleteAll(this.encodeKeys(keys))
  }

  /** Returns commands that remove the entries in their order, in all else like {@link setInSlices}. */
  *deleteInSlices(keys: Iterable<Key>): Generator<Command<boolean[]>, undefined, undefined> {
    checkIterable('keys', keys)
    for (const slice of itemSlices(keys)) yield this.#deleteAll(this.encodeKeys(slice))
  }

  #deleteAll(encodedKeys: readonly EncodedKey[]): Command<boolean[]> {
    return {
      orderKeys: encodedKeys,
      values: [],
      apply: (_, now) => encodedKeys.map((key) => this.#items.deleteRow(key, now)),
    }
  }

  #plan(entry: unknown, common: WriteOptions | undefined): PlannedEntry {
    if (!Array.isArray(entry))
      throw new TypeError(`Cannot set many: expected [key, value], got ${quote(entry)}`)
    const [key, value, options] = entry as [Key, unknown, WriteOptions?]
    checkWriteOptions(options, undefined)
    return {
      encodedKey: this.#items.encodeKey(key),
      planned: this.#planValue(key, value),
      options: withDefaultTtl(withCommonOptions(options, common), this.#context.ttl),
    }
  }

  #planValue(key: Key, value: unknown): PlannedValue {
    try {
      return this.#writer.plan(value)
    } catch (error) {
      // Of many, one cannot tell which it was.
      throw withDetails(error, { key })
    }
  }
}

/** Returns what a value counts for in a slice. */
function weightOf({ planned }: PlannedEntry): number {
  if (planned?.isFile) return FILE_WEIGHT
  return planned === undefined ? 1 : Math.max(1, aboutLength(planned.data) / BYTES_PER_ITEM)
}
