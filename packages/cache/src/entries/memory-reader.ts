import {
  type Column,
  Disk,
  type EncodedKey,
  isShared,
  type KeptEntry,
  type Key,
  KeyForm,
} from '@diskcache/core'
import type { EntryRow } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { EntryMemory, KeptRow } from '../context/entry-memory.ts'
import { memoryId, textId } from '../context/memory-id.ts'
import { DAMAGED, type LoadedEntry, type ValueReader } from './value-reader.ts'
import { isExpired } from './write-options.ts'

/** Answers reads from memory, and keeps there what was read. Not for use inside a transaction. */
export class MemoryReader {
  readonly #context: CacheContext
  readonly #memory: EntryMemory
  readonly #reader: ValueReader
  /** Whether the codec leaves texts as they are. */
  readonly #keepsTexts: boolean

  constructor(context: CacheContext, memory: EntryMemory, reader: ValueReader) {
    this.#context = context
    this.#memory = memory
    this.#reader = reader
    this.#keepsTexts = context.directory.disk.encodeKey === Disk.prototype.encodeKey
  }

  /** What tells {@link keep} whether something has changed since. */
  get moment(): number {
    return this.#memory.tier.changes
  }

  /**
   * Returns the live entry of a key if memory has it and it is known to be true, and `undefined` otherwise; as it is in
   * the directory now with `isFresh`. Where {@link recallText} has found nothing for a text, that is not looked up again.
   */
  recall(key: EncodedKey, isFresh: boolean, text?: Key): LoadedEntry | undefined {
    const id = memoryId(key)
    const isKnown = text !== undefined && this.#keepsTexts && id === textId(text)
    const recalled = isKnown ? undefined : this.#recall(id, key, isFresh)
    if (recalled === undefined) this.#memory.beforeRead()
    return recalled
  }

  /** Recalls the entry of a text, without encoding it, and before {@link recall}, which finds those of all keys. */
  recallText(key: Key, isFresh: boolean): LoadedEntry | undefined {
    const id = this.#keepsTexts ? textId(key) : undefined
    return id === undefined ? undefined : this.#recall(id, undefined, isFresh)
  }

  /** Takes the encoded key, or none where that is the id, as a text. */
  #recall(id: string | number, key: EncodedKey | undefined, isFresh: boolean): LoadedEntry | undefined {
    const { tier } = this.#memory
    const entry = tier.find(id)
    if (entry === undefined || !tier.isTrue(entry)) return undefined
    // What others have set shows within its time, also when nothing else is read.
    if (this.#memory.look(isFresh)) this.#context.settingsAt(this.#context.now())
    if (!tier.isTrue(entry)) return undefined
    const { expireTime } = entry.source.row
    if (expireTime !== null && isExpired(expireTime, this.#context.now())) return undefined
    tier.countHit(entry)
    return this.#load(entry, key ?? id)
  }

  /**
   * Returns what memory has of a key, however old, unless that has expired, or was changed here. Nothing is read from the
   * directory.
   */
  recallStale(key: EncodedKey): LoadedEntry | undefined {
    const entry = this.#memory.findUnwritten(memoryId(key))
    if (entry === undefined) return undefined
    const { expireTime } = entry.source.row
    if (expireTime !== null && isExpired(expireTime, this.#context.now())) return undefined
    this.#memory.tier.countHit(entry)
    return this.#load(entry, key)
  }

  /** Loads the live entry of a key that could not be recalled. `now` is in seconds. */
  load(key: EncodedKey, now: number): LoadedEntry | undefined {
    const { moment } = this
    const row = this.#context.directory.entries.find(key)
    const former = this.#memory.tier.find(memoryId(key))
    const confirmed = this.#confirm(former, key, row, now)
    if (confirmed !== undefined) return confirmed
    const loaded = this.#reader.loadFrom(key, now, row)
    if (loaded !== undefined) this.keep(key, loaded, moment, former)
    return loaded
  }

  /** Returns the live entry that memory has of a key if the directory has the same, in this row. */
  confirm(key: EncodedKey, row: EntryRow | undefined, now: number): LoadedEntry | undefined {
    return this.#confirm(this.#memory.tier.find(memoryId(key)), key, row, now)
  }

  #confirm(
    entry: KeptEntry<KeptRow> | undefined,
    key: EncodedKey,
    row: EntryRow | undefined,
    now: number,
  ): LoadedEntry | undefined {
    const { tier } = this.#memory
    if (entry !== undefined && row !== undefined && isSame(entry.source.row, row)) {
      if (isExpired(row.expireTime, now)) return undefined
      tier.confirm(entry, this.#sourceOf(entry.source, row))
      return this.#load(entry, key)
    }
    tier.countMiss()
    if (entry !== undefined && row === undefined) tier.forget(memoryId(key))
    return undefined
  }

  /**
   * Keeps an entry that was read when {@link moment} was `moment`, unless something has changed since. `former` is what
   * memory has of the key; one that has been of no use is only dropped.
   */
  keep(
    key: EncodedKey,
    { row, value, data = row.value }: LoadedEntry,
    moment: number,
    former?: KeptEntry<KeptRow>,
  ): void {
    // A text of its own takes the place of the bytes that it was read from.
    const kept = typeof value === 'string' ? value : data
    const held = [kept, row.value === kept ? null : row.value, row.tag, row.moreTags, row.filename]
    this.#memory.tier.add(memoryId(key), { source: { row, data: kept }, value, data: held, moment, former })
  }

  /** Returns what to keep of a row that says the same as the one that is kept: seldom something else. */
  #sourceOf(kept: KeptRow, row: EntryRow): KeptRow {
    if (kept.row.rowid === row.rowid && kept.row.accessCount === row.accessCount) return kept
    return { row, data: row.filename === null ? row.value : kept.data }
  }

  #load(entry: KeptEntry<KeptRow>, key: EncodedKey | string | number): LoadedEntry | undefined {
    const { row, data } = entry.source
    if (isShared(entry)) return { row, value: entry.value }
    const encodedKey = typeof key === 'object' ? key : { key, form: KeyForm.plain }
    const value = this.#reader.decodeAgain(row, encodedKey, data)
    return value === DAMAGED ? undefined : { row, value }
  }
}

/**
 * Returns whether two rows of one key have the same value, expiry and tags. A file is never written twice, so that its
 * name stands for what is in it.
 */
function isSame(a: EntryRow, b: EntryRow): boolean {
  return (
    a.sum === b.sum &&
    a.mode === b.mode &&
    a.filename === b.filename &&
    a.size === b.size &&
    a.expireTime === b.expireTime &&
    isSameColumn(a.tag, b.tag) &&
    a.moreTags === b.moreTags &&
    isSameColumn(a.value, b.value)
  )
}

function isSameColumn(a: Column, b: Column): boolean {
  return a === b || (Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b))
}
