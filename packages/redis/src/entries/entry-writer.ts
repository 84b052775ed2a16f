import {
  type ChunkReference,
  decodeReference,
  encodeEntry,
  isReference,
  referenceIn,
  type StoredEntry,
} from '../bytes/entry-bytes.ts'
import { Versions } from '../bytes/versions.ts'
import { PUT } from '../scripts/put.ts'
import { REMOVE } from '../scripts/remove.ts'
import { REMOVE_TAGGED } from '../scripts/remove-tagged.ts'
import { TOUCH } from '../scripts/touch.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import type { Argument } from '../server/redis-client.ts'
import type { Script } from '../server/script.ts'
import type { Chunks } from './chunks.ts'
import type { Orphans } from './orphans.ts'
import type { PlannedValue } from './value-planner.ts'
import { type EntryOptions, NO_TAGS, ttlArgument } from './write-options.ts'

/** What must be there for a write to happen: anything, nothing, or the entry with this version. */
export type Condition = '' | 'absent' | Buffer

export interface PutOptions {
  /** Milliseconds; `null`: for ever; `keep`: as long as the entry that is there, until `expireTime`. */
  readonly ttl: number | null | 'keep'
  readonly tags: Buffer
  readonly condition?: Condition
  /** Of the entry that is there, in epoch milliseconds. */
  readonly expireTime?: number | null
}

/** An entry that was written. */
export interface Written {
  readonly tags: Buffer
  /** Epoch milliseconds, `null`: never. */
  readonly expireTime: number | null
}

/** Replied where nothing was there, or not what was expected. */
const REFUSED = 0

/** From values to what stands in Redis: single entries, each by one command or script. */
export class EntryWriter {
  readonly #commands: Commands
  readonly #chunks: Chunks
  readonly #orphans: Orphans
  readonly #versions = new Versions()

  constructor(commands: Commands, chunks: Chunks, orphans: Orphans) {
    this.#commands = commands
    this.#chunks = chunks
    this.#orphans = orphans
  }

  /**
   * Writes a value, by a plain command if it is short: that costs the server a quarter of what a script does. Once it is
   * sent, it may be carried out after the deadline. Nobody is told of it.
   */
  async set(key: string, planned: PlannedValue, options: EntryOptions, deadline: Deadline): Promise<void> {
    const { ttl } = options
    if (planned.long !== undefined || ttl === 0) return void (await this.put(key, planned, options, deadline))
    const args = this.setCommand(key, planned, options)
    this.retire(key, (await this.#commands.send(key, args, deadline)) as Buffer | null)
  }

  /** The plain command that writes a short value, and gives what was there. */
  setCommand(key: string, planned: PlannedValue, options: EntryOptions): Argument[] {
    const expiry = options.ttl === null ? [] : ['PX', String(options.ttl)]
    return ['SET', key, this.encode(planned, options), ...expiry, 'GET']
  }

  /** Retires the chunks of an entry that a plain command has replaced or removed. */
  retire(key: string, entry: Buffer | null): void {
    const reference = referenceIn(entry)
    if (reference !== undefined) this.#chunks.retire(key, reference)
  }

  /** Writes a value; gives what became of it, or `undefined` when the condition is not met. */
  async put(
    key: string,
    { mode, inline, long }: PlannedValue,
    options: PutOptions,
    deadline: Deadline,
  ): Promise<Written | undefined> {
    if (long === undefined || options.ttl === 0)
      return await this.publish(key, { mode, data: inline }, options, deadline)
    const data = await this.#chunks.write(key, long.bytes, long.form, deadline)
    return await this.publish(key, { mode, data }, options, deadline)
  }

  /** Makes an entry of a value whose chunks, if it has any, are there. */
  async publish(
    key: string,
    { mode, data }: Pick<StoredEntry, 'mode' | 'data'>,
    { ttl, tags, condition = '', expireTime: before = null }: PutOptions,
    deadline: Deadline,
  ): Promise<Written | undefined> {
    if (ttl === 0) return this.#expire(key, data, deadline)
    const entry = encodeEntry({ version: this.#versions.next(), mode, tags, data })
    const args = [entry, ttl === 'keep' ? ttl : ttlArgument(ttl), condition]
    const put = this.#commands.write(PUT, key, args, deadline)
    if (isReference(data)) put.catch(() => this.#chunks.settle(key, data))
    const [replaced, now] = (await put) as [Buffer | 0, number]
    this.#commands.clock.note(now)
    if (replaced === REFUSED) {
      if (isReference(data)) this.#chunks.retire(key, data, 1)
      return undefined
    }
    const expireTime = ttl === 'keep' ? before : ttl === null ? null : now + ttl
    this.#retireAt(key, replaced)
    if (isReference(data)) {
      await this.#chunks.keep(key, data, expireTime, deadline)
      this.#orphans.sweep()
    }
    return { tags, expireTime }
  }

  /** What is expired from the start only removes what is there. */
  async #expire(key: string, data: StoredEntry['data'], deadline: Deadline): Promise<Written> {
    if (isReference(data)) this.#chunks.retire(key, data, 1)
    await this.remove(key, deadline)
    return { tags: NO_TAGS, expireTime: 0 }
  }

  /** The bytes of an entry that is written without a script. */
  encode({ mode, inline }: PlannedValue, { tags }: EntryOptions): Argument {
    return encodeEntry({ version: this.#versions.next(), mode, tags, data: inline })
  }

  /** A version for a script that changes an entry. */
  nextVersion(): string {
    return this.#versions.next()
  }

  /** Whether there was an entry, and with this version. */
  remove(key: string, deadline: Deadline, version: Buffer | '' = ''): Promise<boolean> {
    return this.#remove(REMOVE, key, [version], deadline)
  }

  /** Whether there was an entry with the tag. */
  removeTagged(key: string, tag: Buffer, deadline: Deadline): Promise<boolean> {
    return this.#remove(REMOVE_TAGGED, key, [tag], deadline)
  }

  /** Whether there was an entry. */
  async touch(key: string, ttl: number | null, deadline: Deadline): Promise<boolean> {
    const args = [ttlArgument(ttl), this.#versions.next()]
    const reply = await this.#commands.write(TOUCH, key, args, deadline)
    const [chunks, now] = reply as [Buffer | 0, number]
    this.#commands.clock.note(now)
    if (chunks === REFUSED) return false
    const reference = referenceOf(chunks)
    const expireTime = ttl === null ? null : now + ttl
    if (reference !== undefined) await this.#chunks.keep(key, reference, expireTime, deadline)
    return true
  }

  async #remove(script: Script, key: string, args: Argument[], deadline: Deadline): Promise<boolean> {
    const removed = (await this.#commands.write(script, key, args, deadline)) as Buffer | 0
    if (removed === REFUSED) return false
    this.#retireAt(key, removed)
    return true
  }

  /** What the scripts reply: where chunks are, or nothing. */
  #retireAt(key: string, chunks: Buffer): void {
    const reference = referenceOf(chunks)
    if (reference !== undefined) this.#chunks.retire(key, reference)
  }
}

function referenceOf(chunks: Buffer): ChunkReference | undefined {
  return chunks.length === 0 ? undefined : decodeReference(chunks)
}
