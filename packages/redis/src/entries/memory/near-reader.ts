import { type Column, type Entry, isShared, type KeptEntry } from '@diskcache/core'
import { inlineValue, isReference, versionOf } from '../../bytes/entry-bytes.ts'
import { decodeTags } from '../../bytes/tag-bytes.ts'
import { TIMES_TO_LIVE } from '../../scripts/times-to-live.ts'
import type { Commands } from '../../server/commands.ts'
import type { Deadline } from '../../server/deadline.ts'
import type { EntryReader, Found, LoadedEntry, Look } from '../entry-reader.ts'
import { Gathered } from '../gathered.ts'
import { MOST_KEYS } from '../script-limits.ts'
import type { Moment, NearEntry, NearMemory, Reading } from './near-memory.ts'

/** How many bytes of tags are kept, and of metadata none: they are not counted. */
const MOST_TAGS = 256

type LookAtEntry = Look & { readonly entry: LoadedEntry }

/** What Redis said of an entry: its bytes, and for how many milliseconds it lives, -1 for ever. */
type Told = readonly [entry: Buffer | null, timeToLive: number]

interface NearReaderParts {
  readonly commands: Commands
  readonly reader: EntryReader
  readonly memory: NearMemory
}

/** Answers reads from memory, and keeps there what was read. */
export class NearReader {
  readonly #commands: Commands
  readonly #reader: EntryReader
  readonly #memory: NearMemory
  readonly #gets: Gathered<string, Told>

  constructor({ commands, reader, memory }: NearReaderParts) {
    this.#commands = commands
    this.#reader = reader
    this.#memory = memory
    this.#gets = new Gathered({
      sizeOf: () => 1,
      limit: MOST_KEYS,
      one: (name, deadline) => this.#get(name, deadline),
      many: (names, deadline) => this.#getMany(names, deadline),
    })
  }

  /** Returns the value that memory has of an entry, if that is true. */
  recall(name: string): Found {
    const entry = this.#memory.find(name)
    return entry && { value: this.#valueOf(name, entry) }
  }

  /** Returns the value that memory has of an entry, however old. */
  recallStale(name: string): Found {
    const entry = this.#memory.findStale(name)
    return entry && { value: this.#valueOf(name, entry) }
  }

  /** Returns what memory has of an entry, if that is true and all is known of it; however old with `isStale`. */
  recallEntry(name: string, isStale: boolean): Entry<unknown> | undefined {
    const entry = isStale ? this.#memory.findStale(name, true) : this.#memory.find(name, true)
    if (entry?.source.rest === undefined) return undefined
    const { expireTime, tags } = entry.source.rest
    return { value: this.#valueOf(name, entry), expireTime, tags: decodeTags(tags) }
  }

  /** The value alone, as `EntryReader` reads it. */
  async value(name: string, deadline: Deadline): Promise<Found> {
    const reading = this.#memory.begin(name)
    try {
      const [bytes, timeToLive] = await (this.#commands.isOneServer
        ? this.#gets.run(name, deadline)
        : this.#get(name, deadline))
      return await this.#found(name, bytes, { reading, timeToLive }, deadline)
    } finally {
      this.#memory.end(name, reading)
    }
  }

  /** The entry with its expiry, as `EntryReader` reads it. */
  async look(name: string, deadline: Deadline): Promise<Look> {
    const reading = this.#memory.begin(name)
    try {
      const look = await this.#reader.look(name, deadline)
      if (look.entry !== undefined) return this.#looked(name, look as LookAtEntry, reading)
      this.#memory.miss(name)
      return look
    } finally {
      this.#memory.end(name, reading)
    }
  }

  async #found(name: string, bytes: Buffer | null, told: Moment, deadline: Deadline): Promise<Found> {
    if (bytes === null) {
      this.#memory.miss(name)
      return undefined
    }
    const inline = inlineValue(bytes)
    const version = versionOf(bytes)
    const kept = this.#memory.confirm(name, version, told.reading)
    if (kept !== undefined) return { value: this.#valueOf(name, kept) }
    const found = inline ?? (await this.#reader.columnOf(name, bytes, deadline))
    // Its chunks are gone: it was replaced meanwhile, or is damaged.
    if (found === undefined) return (await this.#reader.look(name, deadline)).entry
    const { mode, column } = found
    const value = this.#reader.decode(name, mode, column)
    this.#memory.keep(
      name,
      { version, mode, data: this.#dataOf(value, column), rest: undefined },
      value,
      told,
    )
    return { value }
  }

  /** The look, with the value that memory has, if it has the same. */
  #looked(name: string, look: LookAtEntry, reading: Reading): Look {
    const { stored, value, expireTime } = look.entry
    const { mode, tags, metadata, data } = stored
    if (isReference(data)) return look
    const version = String(stored.version)
    const isLong = metadata !== undefined || tags.length > MOST_TAGS
    const rest = isLong ? undefined : { expireTime, tags: Buffer.from(tags) }
    const kept = this.#memory.confirm(name, version, reading, rest)
    if (kept !== undefined) return { ...look, entry: { ...look.entry, value: this.#valueOf(name, kept) } }
    const timeToLive = expireTime === null ? -1 : expireTime - look.now
    const entry = { version, mode, data: this.#dataOf(value, data), rest }
    this.#memory.keep(name, entry, value, { reading, timeToLive })
    return look
  }

  /** What the value can be made of again: a text is that itself. */
  #dataOf(value: unknown, column: Column): Column {
    if (typeof value === 'string') return value
    return Buffer.isBuffer(column) ? this.#own(column) : column
  }

  /** Bytes are a part of what came over the connection, all of which would be kept with them. */
  #own(bytes: Buffer): Buffer {
    return bytes.length <= this.#memory.tier.largestBytes ? Buffer.from(bytes) : bytes
  }

  /** Bytes that are kept are not handed out. */
  #valueOf(name: string, entry: KeptEntry<NearEntry>): unknown {
    if (isShared(entry)) return entry.value
    const { mode, data } = entry.source
    return this.#reader.decode(name, mode, Buffer.isBuffer(data) ? Buffer.from(data) : data)
  }

  /** The time to live first: should the entry be another one by the second reply, it is told of that. */
  async #get(name: string, deadline: Deadline): Promise<Told> {
    const [timeToLive, entry] = await Promise.all([
      this.#commands.send(name, ['PTTL', name], deadline),
      this.#commands.send(name, ['GET', name], deadline),
    ])
    return [entry as Buffer | null, Number(timeToLive)]
  }

  async #getMany(names: readonly string[], deadline: Deadline): Promise<Told[]> {
    const [times, entries] = await Promise.all([
      this.#commands.run(TIMES_TO_LIVE, names, [], deadline),
      this.#commands.send(names[0] as string, ['MGET', ...names], deadline),
    ])
    return (entries as (Buffer | null)[]).map((entry, i) => [entry, Number((times as number[])[i])])
  }
}
