import { hasCode } from '@diskcache/core'
import { encodeEntry, isReference, type StoredEntry } from '../bytes/entry-bytes.ts'
import { Versions } from '../bytes/versions.ts'
import type { LookReply } from '../scripts/look.ts'
import { PUT, PUT_SMALLER } from '../scripts/put.ts'
import { REMOVE } from '../scripts/remove.ts'
import { TOUCH } from '../scripts/touch.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import { replyCode } from '../server/engine-error.ts'
import type { Argument } from '../server/redis-client.ts'
import type { Chunks, SentChunks } from './chunks/chunks.ts'
import type { Orphans } from './chunks/orphans.ts'
import type { Retired } from './chunks/retired.ts'
import type { ShortEntries } from './short-entries.ts'
import type { PlannedValue } from './value-planner.ts'
import { type EntryOptions, NO_TAGS, ttlArgument } from './write-options.ts'

/** What must be there for a write to happen: '' anything, `absent` nothing, else the entry with this version. */
export type Condition = string | Buffer

export interface PutOptions {
  /** Milliseconds; `null`: for ever; `keep`: as long as the entry that is there, until `expireTime`. */
  readonly ttl: number | null | 'keep'
  readonly tags: Buffer
  readonly metadata?: Buffer | undefined
  readonly condition?: Condition
  /** Of the entry that is there, in epoch milliseconds. */
  readonly expireTime?: number | null
  /** The time by which it was decided, in epoch milliseconds, if that was a guess, which must be right. */
  readonly guessedTime?: number | undefined
}

/** An entry that was written. */
export interface Written {
  readonly version: string
  readonly tags: Buffer
  /** Epoch milliseconds, `null`: never. */
  readonly expireTime: number | null
}

/** What stood there, instead of what a condition asked for. */
export interface Instead {
  readonly instead: LookReply
}

export function isWritten(outcome: Written | Instead): outcome is Written {
  return 'tags' in outcome
}

/** What PUT replies: where the chunks are of what was there, and the time; or what is there instead of what should be. */
type PutReply = [replaced: Buffer, now: number] | [refused: 0, now: number, ...there: [Buffer | null, number]]

/** Replied where nothing was there, or not what was expected. */
const REFUSED = 0

interface WriterParts {
  readonly commands: Commands
  readonly chunks: Chunks
  readonly retired: Retired
  readonly orphans: Orphans
  readonly shorts: ShortEntries
  /** Where it is noted that some value is in chunks. */
  readonly largeName: string
}

/** From values to what stands in Redis: single entries, each by one script. */
export class EntryWriter {
  readonly #commands: Commands
  readonly #chunks: Chunks
  readonly #retired: Retired
  readonly #orphans: Orphans
  readonly #shorts: ShortEntries
  readonly #largeName: string
  readonly #versions = new Versions()

  constructor({ commands, chunks, retired, orphans, shorts, largeName }: WriterParts) {
    this.#commands = commands
    this.#chunks = chunks
    this.#retired = retired
    this.#orphans = orphans
    this.#shorts = shorts
    this.#largeName = largeName
  }

  /** Writes a value, whatever is there. */
  set(key: string, planned: PlannedValue, options: EntryOptions, deadline: Deadline): Promise<unknown> {
    const { ttl } = options
    if (planned.long !== undefined || ttl === 0) return this.put(key, planned, options, deadline)
    return this.#shorts.set({ key, entry: this.encode(planned, options), ttl }, deadline)
  }

  /** Of several values that are to be written at once, nobody would see any but the last. */
  setLast(key: string) {
    return async (
      values: readonly { planned: PlannedValue; entry: EntryOptions }[],
      deadline: Deadline,
    ): Promise<PromiseSettledResult<void>[]> => {
      const { planned, entry } = values.at(-1) as (typeof values)[number]
      await this.set(key, planned, entry, deadline)
      return values.map(() => ({ status: 'fulfilled', value: undefined }))
    }
  }

  /** Of several removals at once, the first finds what is there. */
  removeOnce(key: string) {
    return async (all: readonly unknown[], deadline: Deadline): Promise<PromiseSettledResult<boolean>[]> => {
      const isRemoved = await this.remove(key, deadline)
      return all.map((_, i) => ({ status: 'fulfilled', value: isRemoved && i === 0 }))
    }
  }

  /** Of several expiries at once, the last stays. */
  touchLast(key: string) {
    return async (
      ttls: readonly (number | null)[],
      deadline: Deadline,
    ): Promise<PromiseSettledResult<boolean>[]> => {
      const isThere = await this.touch(key, ttls.at(-1) as number | null, deadline)
      return ttls.map(() => ({ status: 'fulfilled', value: isThere }))
    }
  }

  /** Writes a value; gives what became of it, or what is there instead, when the condition is not met. */
  async put(
    key: string,
    { mode, inline, long }: PlannedValue,
    options: PutOptions,
    deadline: Deadline,
  ): Promise<Written | Instead> {
    if (long === undefined || options.ttl === 0)
      return await this.publish(key, { mode, data: inline }, options, deadline)
    const chunks = await this.#chunks.write(key, long.bytes, long.form, deadline)
    try {
      return await this.#putChunks(key, mode, chunks, options, deadline)
    } finally {
      this.#orphans.sweep()
    }
  }

  /** Makes an entry of a value whose chunks, if it has any, are there. */
  async publish(
    key: string,
    { mode, data }: Pick<StoredEntry, 'mode' | 'data'>,
    options: PutOptions,
    deadline: Deadline,
  ): Promise<Written | Instead> {
    const { ttl, tags, metadata, condition = '', expireTime: before = null, guessedTime } = options
    if (ttl === 0) return this.#expire(key, data, deadline)
    const version = this.#versions.next()
    const entry = encodeEntry({ version, mode, tags, metadata, data })
    const count = isReference(data) ? data.count : 0
    const args = [entry, ttl === 'keep' ? ttl : ttlArgument(ttl), condition, String(count)]
    if (guessedTime !== undefined) args.push(String(guessedTime))
    const keys = isReference(data) && this.#commands.isOneServer ? [key, this.#largeName] : [key]
    const reply = await this.#put(keys, args, condition, deadline)
    const [replaced, now] = reply
    if (replaced === REFUSED) {
      if (isReference(data)) this.#retired.discard(key, data)
      return { instead: [reply[2] ?? null, Number(reply[3]), now] }
    }
    this.#retired.note(key, replaced)
    return { version, tags, expireTime: ttl === 'keep' ? before : ttl === null ? null : now + ttl }
  }

  /** What takes no more room than before is changed on a full server, too: whoever holds a lock can release it. */
  async #put(
    keys: readonly string[],
    args: readonly Argument[],
    condition: Condition,
    deadline: Deadline,
  ): Promise<PutReply> {
    try {
      return (await this.#commands.write(PUT, keys, args, deadline)) as PutReply
    } catch (error) {
      if (condition === '' || condition === 'absent' || !hasCode(error, 'ERR_DISKCACHE_FULL')) throw error
      return (await this.#commands.write(PUT_SMALLER, keys, args, deadline)) as PutReply
    }
  }

  /**
   * The entry travels with its chunks. When some of them came later, since the server was busy, it is made again after
   * them; when they are gone then, Redis has evicted them.
   */
  async #putChunks(
    key: string,
    mode: StoredEntry['mode'],
    { reference: data, sent }: SentChunks,
    options: PutOptions,
    deadline: Deadline,
  ): Promise<Written | Instead> {
    const put = () => this.publish(key, { mode, data }, options, deadline)
    const [first, chunks] = await Promise.allSettled([put(), sent])
    if (first.status === 'fulfilled') return first.value
    if (chunks.status === 'fulfilled' && replyCode((first.reason as Error).cause) === 'GONE')
      return await put()
    const { reason } = chunks.status === 'rejected' ? chunks : first
    if (hasCode(reason, 'ERR_DISKCACHE_FULL')) this.#retired.discard(key, data)
    throw reason
  }

  /** What is expired from the start only removes what is there. */
  async #expire(key: string, data: StoredEntry['data'], deadline: Deadline): Promise<Written> {
    if (isReference(data)) this.#retired.discard(key, data)
    await this.remove(key, deadline)
    return { version: '', tags: NO_TAGS, expireTime: 0 }
  }

  /** The bytes of an entry whose value is short. */
  encode(
    { mode, inline }: PlannedValue,
    { tags, metadata }: EntryOptions,
    version: string = this.#versions.next(),
  ): Argument {
    return encodeEntry({ version, mode, tags, metadata, data: inline })
  }

  /** A version for a script that changes an entry, or for many entries that are written together. */
  nextVersion(): string {
    return this.#versions.next()
  }

  /** Whether there was an entry, and with this version. */
  async remove(key: string, deadline: Deadline, version: Condition = ''): Promise<boolean> {
    const removed = (await this.#commands.write(REMOVE, [key], [version], deadline)) as Buffer | 0
    this.#retired.note(key, removed)
    return removed !== REFUSED
  }

  /** Whether there was an entry. */
  async touch(key: string, ttl: number | null, deadline: Deadline): Promise<boolean> {
    const args = [ttlArgument(ttl), this.#versions.next()]
    const [isThere] = (await this.#commands.write(TOUCH, [key], args, deadline)) as [0 | 1]
    return isThere === 1
  }
}
