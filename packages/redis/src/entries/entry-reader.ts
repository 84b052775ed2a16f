import {
  type Column,
  columnOf,
  type Disk,
  type DiskCacheError,
  decodeMetadata,
  type Entry,
  hasCode,
  Mode,
  type PeekedEntry,
  unreadableError,
} from '@diskcache/core'
import {
  decodeEntry,
  type InlineValue,
  inlineValue,
  isReference,
  type StoredEntry,
} from '../bytes/entry-bytes.ts'
import type { EntryKeys } from '../bytes/entry-key.ts'
import { decodeTags } from '../bytes/tag-bytes.ts'
import { LOOK, type LookReply } from '../scripts/look.ts'
import { REMOVE } from '../scripts/remove.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import type { Chunks } from './chunks/chunks.ts'
import { Gathered } from './gathered.ts'
import { peekedEntry } from './peek.ts'

/** How many values are asked for by one command. */
const MOST_KEYS = 50

/** An entry as it is read at once, value and all. */
export interface LoadedEntry {
  readonly stored: StoredEntry
  readonly value: unknown
  /** `undefined`: there are none. */
  readonly metadata?: unknown
  /** Epoch milliseconds, `null`: never. */
  readonly expireTime: number | null
}

/** A value; `undefined`: there is none. */
export type Found = { value: unknown } | undefined

/** What stands under a key at one moment. */
export interface Look {
  readonly entry: LoadedEntry | undefined
  /** The server's clock, in epoch milliseconds. */
  readonly now: number
}

/** From what stands in Redis to values. */
export class EntryReader {
  readonly #commands: Commands
  readonly #chunks: Chunks
  readonly #disk: Disk
  readonly #keys: EntryKeys
  readonly #gets: Gathered<string, Buffer | null>

  constructor(commands: Commands, chunks: Chunks, disk: Disk, keys: EntryKeys) {
    this.#commands = commands
    this.#chunks = chunks
    this.#disk = disk
    this.#keys = keys
    this.#gets = new Gathered({
      sizeOf: () => 1,
      limit: MOST_KEYS,
      one: (key, deadline) => this.#get(key, deadline),
      many: async ([...keys], deadline) =>
        (await commands.send(keys[0] as string, ['MGET', ...keys], deadline)) as (Buffer | null)[],
    })
  }

  async #get(key: string, deadline: Deadline): Promise<Buffer | null> {
    return (await this.#commands.send(key, ['GET', key], deadline)) as Buffer | null
  }

  /** The value alone, which costs no script; wrapped, since it may be `undefined`. */
  async value(key: string, deadline: Deadline): Promise<Found> {
    const entry = await (this.#commands.isOneServer
      ? this.#gets.run(key, deadline)
      : this.#get(key, deadline))
    return this.valueOf(key, entry, deadline)
  }

  /** The values of entries that were read. What needs to be fetched comes together. */
  async valuesOf(
    entries: readonly (readonly [key: string, entry: Buffer | null])[],
    deadline: Deadline,
  ): Promise<Found[]> {
    const values = entries.map(([key, entry]) => this.valueOf(key, entry, deadline))
    return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as Found[])
  }

  /** The value of an entry that was read; it is read again when its chunks are gone. */
  valueOf(key: string, entry: Buffer | null, deadline: Deadline): Found | Promise<Found> {
    if (entry === null) return undefined
    const inline = inlineValue(entry)
    if (inline === undefined) return this.#fetched(key, decodeEntry(entry), deadline)
    return { value: this.decode(key, inline.mode, inline.column) }
  }

  /** What an entry has its value as; `undefined` when its chunks are gone. */
  async columnOf(key: string, entry: Buffer, deadline: Deadline): Promise<InlineValue | undefined> {
    const inline = inlineValue(entry)
    if (inline !== undefined) return inline
    const stored = decodeEntry(entry)
    const column = await this.#column(key, stored, deadline)
    return column === undefined ? undefined : { mode: stored.mode, column }
  }

  async #fetched(key: string, stored: StoredEntry, deadline: Deadline): Promise<Found> {
    const column = await this.#column(key, stored, deadline)
    if (column !== undefined) return { value: this.decode(key, stored.mode, column) }
    const again = await this.look(key, deadline)
    return again.entry
  }

  /** The entry with its expiry, and the time. One whose chunks Redis has evicted is removed. */
  async look(key: string, deadline: Deadline): Promise<Look> {
    for (let suspect: string | undefined; ; ) {
      const reply = (await this.#commands.run(LOOK, [key], [], deadline)) as LookReply
      const [bytes, , now] = reply
      const entry = await this.load(key, reply, deadline)
      if (entry !== undefined || bytes === null) return { entry, now }
      const { version } = decodeEntry(bytes)
      if (suspect !== undefined && String(version) === suspect)
        await this.#commands.write(REMOVE, [key], [version], deadline)
      suspect = String(version)
    }
  }

  /** What an entry is, without the chunks of its value. */
  async peek(key: string, deadline: Deadline): Promise<PeekedEntry | undefined> {
    return peekedEntry((await this.#commands.run(LOOK, [key], [], deadline)) as LookReply)
  }

  /** `undefined` when there is none, or its chunks are gone: it was replaced meanwhile, or Redis has evicted them. */
  async load(
    key: string,
    [entry, expireTime]: LookReply,
    deadline: Deadline,
  ): Promise<LoadedEntry | undefined> {
    if (entry === null) return undefined
    const stored = decodeEntry(entry)
    const column = await this.#column(key, stored, deadline)
    if (column === undefined) return undefined
    return {
      stored,
      value: this.decode(key, stored.mode, column),
      metadata: this.metadataOf(key, stored),
      expireTime: expireTime < 0 ? null : expireTime,
    }
  }

  /** `undefined` where there are none. */
  metadataOf(key: string, { metadata }: StoredEntry): unknown {
    return metadata && this.#decoded(key, () => decodeMetadata(this.#disk, metadata))
  }

  /** The same, of one that is not read, and has its value in itself. */
  entryOf(key: string, stored: StoredEntry, expireTime: number | null): LoadedEntry {
    return { stored, value: this.decode(key, stored.mode, stored.data as Column), expireTime }
  }

  async #column(key: string, { data }: StoredEntry, deadline: Deadline): Promise<Column | undefined> {
    if (!isReference(data)) return data
    const bytes = await this.#chunks.read(key, data, deadline)
    return bytes && columnOf({ form: data.form, bytes })
  }

  /** The value that a column of an entry stands for. */
  decode(name: string, mode: Mode, column: Column): unknown {
    if (mode === Mode.stream && this.#disk.keepsStreams) return column
    return this.#decoded(name, () => this.#disk.decodeValue(mode, column))
  }

  #decoded(name: string, decode: () => unknown): unknown {
    try {
      return decode()
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_FORMAT')) throw error
      throw unreadableError(error as DiskCacheError, this.#keys.decode(name))
    }
  }
}

export function entryOf<V>(loaded: LoadedEntry): Entry<V> {
  return { value: loaded.value as V, ...besideValue(loaded) }
}

/** What users see of an entry beside its value. */
export function besideValue({
  stored,
  metadata,
  expireTime,
}: Omit<LoadedEntry, 'value'>): Omit<Entry<unknown>, 'value'> {
  const entry = { expireTime, tags: decodeTags(stored.tags) }
  return metadata === undefined ? entry : { ...entry, metadata }
}
