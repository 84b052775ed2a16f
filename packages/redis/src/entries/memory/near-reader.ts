import { type Column, type Entry, isShared, type KeptEntry, type Mode } from '@diskcache/core'
import { decodeEntry, isReference } from '../../bytes/entry-bytes.ts'
import { decodeTags } from '../../bytes/tag-bytes.ts'
import { TIMES_TO_LIVE } from '../../scripts/times-to-live.ts'
import type { Commands } from '../../server/commands.ts'
import type { Deadline } from '../../server/deadline.ts'
import type { EntryReader, Found, Look } from '../entry-reader.ts'
import { Gathered } from '../gathered.ts'
import { MOST_KEYS } from '../script-limits.ts'
import type { NearEntry, NearMemory, Reading } from './near-memory.ts'

/** What Redis said of an entry: its bytes, and for how many milliseconds it lives, -1 for ever. */
type Told = readonly [entry: Buffer | null, timeToLive: number]

/** An entry that was read, value and all. */
interface Read {
  readonly version: string
  readonly mode: Mode
  readonly column: Column
  readonly tags: Buffer
  readonly value: unknown
  readonly timeToLive: number
  /** As in {@link NearEntry}. */
  readonly expireTime: number | null | undefined
}

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
    return entry && { value: this.#valueOf(entry) }
  }

  /** Returns what memory has of an entry, if that is true and all is known of it. */
  recallEntry(name: string): Entry<unknown> | undefined {
    const entry = this.#memory.find(name)
    if (entry?.source.expireTime === undefined) return undefined
    const { expireTime, tags } = entry.source
    return { value: this.#valueOf(entry), expireTime, tags: decodeTags(tags) }
  }

  /** The value alone, as `EntryReader` reads it. */
  value(name: string, deadline: Deadline): Promise<Found> {
    return this.#memory.reading(name, async (reading) => {
      const [bytes, timeToLive] = await (this.#commands.isOneServer
        ? this.#gets.run(name, deadline)
        : this.#get(name, deadline))
      if (bytes === null) return this.#miss(name)
      const { version, tags } = decodeEntry(bytes)
      const kept = this.#memory.confirm(name, String(version), reading)
      if (kept !== undefined) return { value: this.#valueOf(kept) }
      const found = await this.#reader.columnOf(name, bytes, deadline)
      // Its chunks are gone: it was replaced meanwhile, or is damaged.
      if (found === undefined) return (await this.#reader.look(name, deadline)).entry
      const { mode, column } = found
      const value = this.#reader.decode(mode, column)
      const expireTime = timeToLive === -1 ? null : undefined
      this.#keep(
        name,
        { version: String(version), mode, column, tags, value, timeToLive, expireTime },
        reading,
      )
      return { value }
    })
  }

  /** The entry with its expiry, as `EntryReader` reads it. */
  look(name: string, deadline: Deadline): Promise<Look> {
    return this.#memory.reading(name, async (reading) => {
      const look = await this.#reader.look(name, deadline)
      if (look.entry === undefined) {
        this.#miss(name)
        return look
      }
      const { stored, value, expireTime } = look.entry
      const { version, mode, tags, data } = stored
      const timeToLive = expireTime === null ? -1 : expireTime - look.now
      if (!isReference(data))
        this.#keep(
          name,
          { version: String(version), mode, column: data, tags, value, timeToLive, expireTime },
          reading,
        )
      return look
    })
  }

  #miss(name: string): undefined {
    this.#memory.tier.countMiss()
    this.#memory.tier.forget(name)
  }

  #keep(name: string, { value, column, timeToLive, ...read }: Read, reading: Reading): void {
    const { tier } = this.#memory
    tier.countMiss()
    // Bytes are parts of what came over the connection, which must not be kept for them.
    const data = typeof value === 'string' ? value : Buffer.isBuffer(column) ? Buffer.from(column) : column
    this.#memory.keep(name, { ...read, data, tags: Buffer.from(read.tags) }, { value, timeToLive }, reading)
  }

  /** Bytes that are kept are not handed out. */
  #valueOf(entry: KeptEntry<NearEntry>): unknown {
    if (isShared(entry)) return entry.value
    const { mode, data } = entry.source
    return this.#reader.decode(mode, Buffer.isBuffer(data) ? Buffer.from(data) : data)
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
