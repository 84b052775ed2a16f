import {
  checkOptions,
  DiskCacheError,
  type Key,
  quote,
  type Ttl,
  WRITE_OPTION_NAMES,
  type WriteOptions,
  withCommonOptions,
  withDefaultTtl,
} from '@diskcache/core'
import { isInChunks, referenceIn, tagsAtBeginning } from '../bytes/entry-bytes.ts'
import type { EntryKeys } from '../bytes/entry-key.ts'
import { includesTag } from '../bytes/tag-bytes.ts'
import { REMOVE_MANY } from '../scripts/remove-many.ts'
import { REMOVE_TAGGED } from '../scripts/remove-tagged.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import { replyCode } from '../server/engine-error.ts'
import type { Argument } from '../server/redis-client.ts'
import type { Script } from '../server/script.ts'
import { batchesOf } from './batches.ts'
import type { Retired } from './chunks/retired.ts'
import type { EntryReader } from './entry-reader.ts'
import type { EntryWriter } from './entry-writer.ts'
import { MOST_KEYS } from './script-limits.ts'
import type { ShortEntries } from './short-entries.ts'
import type { PlannedValue, ValuePlanner } from './value-planner.ts'
import { type EntryOptions, entryOptions } from './write-options.ts'

/** How many entries are asked for, or commands under way, at a time, so that neither side has to keep much. */
const SLICE = 250

/** Bytes of an entry that are read for its tags, which are rarely longer. */
const TAGS_READ = 512

/** Bytes of large values that are under way at a time. */
const LARGEST_BATCH = 8 * 1024 * 1024

export interface PlannedEntry {
  readonly key: string
  /** `undefined`: it is too large. */
  readonly planned: PlannedValue | undefined
  readonly options: EntryOptions
}

interface FittingEntry extends PlannedEntry {
  readonly planned: PlannedValue
}

interface ShortFittingEntry extends FittingEntry {
  readonly planned: PlannedValue & { readonly long: undefined }
}

/** An entry that was read; `undefined`: there is none. */
export type Found = { readonly value: unknown } | undefined

/** Runs something with a deadline of its own. */
type Within = <T>(task: (deadline: Deadline) => Promise<T>) => Promise<T>

interface BulkParts {
  readonly commands: Commands
  readonly reader: EntryReader
  readonly writer: EntryWriter
  readonly retired: Retired
  readonly shorts: ShortEntries
}

/**
 * Many entries at a time: on one server by one command for many of them, in a cluster by one for each, which are under
 * way together.
 */
export class Bulk {
  readonly #commands: Commands
  readonly #reader: EntryReader
  readonly #writer: EntryWriter
  readonly #retired: Retired
  readonly #shorts: ShortEntries

  constructor({ commands, reader, writer, retired, shorts }: BulkParts) {
    this.#commands = commands
    this.#reader = reader
    this.#writer = writer
    this.#retired = retired
    this.#shorts = shorts
  }

  async values(keys: readonly string[], deadline: Deadline): Promise<Found[]> {
    const values: Found[] = []
    for (const slice of slices(keys)) {
      for (const batch of await this.#readBatches(slice, deadline)) {
        const found = await this.#reader.valuesOf(batch, deadline)
        if (keys.length === found.length) return found
        values.push(...found)
        deadline.extend()
      }
    }
    return values
  }

  /** The same, so many at a time that memory stays within bounds; whoever asks for the next may take his time. */
  async *valueBatches(keys: readonly string[], within: Within): AsyncGenerator<Found[], void> {
    for (const slice of slices(keys)) {
      const batches = await within((deadline) => this.#readBatches(slice, deadline))
      for (const batch of batches) yield await within((deadline) => this.#reader.valuesOf(batch, deadline))
    }
  }

  async has(keys: readonly string[], deadline: Deadline): Promise<boolean[]> {
    const counts = await this.each(keys, deadline, (key) =>
      this.#commands.send(key, ['EXISTS', key], deadline),
    )
    return counts.map((count) => count === 1)
  }

  /** Of what is too large, the previous entry goes. Of several with one key, the last counts. */
  async set(entries: readonly PlannedEntry[], deadline: Deadline): Promise<void> {
    if (this.#commands.isOneServer && entries.every(isShort)) return this.#setShort(entries, deadline)
    const last = [...new Map(entries.map((entry) => [entry.key, entry])).values()]
    const refused = last.filter((entry) => !fits(entry)).map(({ key }) => key)
    if (refused.length > 0) await this.delete(refused, deadline)
    await this.#setShort(last.filter(isShort), deadline)
    const long = last.filter((entry): entry is FittingEntry => fits(entry) && !isShort(entry))
    for (const batch of batchesOf(long, ({ planned }) => planned.long?.bytes.length ?? 0, LARGEST_BATCH)) {
      const set = ({ key, planned, options }: FittingEntry) =>
        this.#writer.set(key, planned, options, deadline)
      await this.each(batch, deadline, set)
    }
  }

  /** They are told apart by their keys, so all may have one version. */
  #setShort(entries: readonly FittingEntry[], deadline: Deadline): Promise<void> {
    const version = this.#writer.nextVersion()
    const short = entries.map(({ key, planned, options }) => ({
      key,
      entry: this.#writer.encode(planned, options, version),
      ttl: options.ttl,
    }))
    return this.#shorts.setMany(short, deadline)
  }

  /** Whether each was there. */
  delete(keys: readonly string[], deadline: Deadline): Promise<boolean[]> {
    return this.#remove(REMOVE_MANY, keys, [], deadline)
  }

  /** Those that have the tag, or, where that is empty, none. */
  async tagged(keys: readonly string[], tag: Buffer, deadline: Deadline): Promise<string[]> {
    const have = await this.each(keys, deadline, async (key) => {
      const tags = await this.#tagsOf(key, TAGS_READ, deadline)
      return tags !== undefined && includesTag(tags, tag)
    })
    return keys.filter((_, i) => have[i])
  }

  /** Whether each was there, and had one of the tags, or, where one of them is empty, none. */
  deleteTagged(keys: readonly string[], tags: readonly Buffer[], deadline: Deadline): Promise<boolean[]> {
    return this.#remove(REMOVE_TAGGED, keys, tags, deadline)
  }

  /** Does it for all, so many at a time; fails with the first that fails, when the others of its slice are done. */
  async each<T, R>(
    items: readonly T[],
    deadline: Deadline,
    task: (item: T) => Promise<R>,
  ): Promise<Awaited<R>[]> {
    const results: Awaited<R>[] = []
    for (const slice of slices(items)) {
      const settled = await Promise.allSettled(slice.map(task))
      results.push(...settled.map(settledValue))
      deadline.extend()
    }
    return results
  }

  /** `undefined` for what is no entry: it has no tags, not even none. */
  async #tagsOf(key: string, length: number, deadline: Deadline): Promise<Buffer | undefined> {
    const head = await this.#beginningOf(key, length, deadline)
    if (head === undefined) return undefined
    const tags = tagsAtBeginning(head)
    if (typeof tags !== 'number') return tags
    return head.length < length ? undefined : this.#tagsOf(key, tags, deadline)
  }

  /** `undefined` for what is no string, which an entry is. */
  async #beginningOf(key: string, length: number, deadline: Deadline): Promise<Buffer | undefined> {
    try {
      const command = ['GETRANGE', key, '0', String(length - 1)]
      return (await this.#commands.send(key, command, deadline)) as Buffer
    } catch (error) {
      const isOther = error instanceof DiskCacheError && replyCode(error.cause) === 'WRONGTYPE'
      if (isOther) return undefined
      throw error
    }
  }

  /** Entries, in batches of which the large values may be fetched together. */
  async #readBatches(
    keys: readonly string[],
    deadline: Deadline,
  ): Promise<(readonly (readonly [string, Buffer | null])[])[]> {
    const entries = await this.#readAll(keys, deadline)
    const named = keys.map((key, i) => [key, entries[i] ?? null] as const)
    if (!entries.some(isInChunks)) return [named]
    return [...batchesOf(named, ([, entry]) => referenceIn(entry)?.size ?? 0, LARGEST_BATCH)]
  }

  async #readAll(keys: readonly string[], deadline: Deadline): Promise<(Buffer | null)[]> {
    if (this.#commands.isOneServer)
      return (await this.#commands.send(keys[0] as string, ['MGET', ...keys], deadline)) as (Buffer | null)[]
    const get = (key: string) => this.#commands.send(key, ['GET', key], deadline) as Promise<Buffer | null>
    return Promise.all(keys.map(get))
  }

  async #remove(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<boolean[]> {
    const removed: boolean[] = []
    for (const batch of batchesOf(keys, () => 1, MOST_KEYS))
      removed.push(...(await this.#write(script, batch, args, deadline)).map((reply) => reply !== 0))
    return removed
  }

  /** Runs a script about these keys, with the same arguments for all. */
  async #write(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<(Buffer | 0)[]> {
    const replies = this.#commands.isOneServer
      ? ((await this.#commands.write(script, keys, args, deadline)) as (Buffer | 0)[])
      : await this.#writeEach(script, keys, args, deadline)
    for (const [i, key] of keys.entries()) this.#retired.note(key, replies[i] ?? 0)
    deadline.extend()
    return replies
  }

  async #writeEach(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<(Buffer | 0)[]> {
    const run = (key: string) =>
      this.#commands.write(script, [key], args, deadline) as Promise<[(Buffer | 0)?]>
    const settled = await Promise.allSettled(keys.map(run))
    return settled.map(settledValue).map(([reply]) => reply ?? 0)
  }
}

/** Throws the reason of what failed. */
function settledValue<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

function fits(entry: PlannedEntry): entry is FittingEntry {
  return entry.planned !== undefined
}

/** Whether it can be written together with others. */
function isShort(entry: PlannedEntry): entry is ShortFittingEntry {
  const { planned, options } = entry
  return planned !== undefined && planned.long === undefined && options.ttl !== 0
}

/** Throws `TypeError` or `RangeError` for what cannot be stored so. */
export function planEntry(
  entry: unknown,
  common: WriteOptions | undefined,
  { keys, planner, ttl }: { keys: EntryKeys; planner: ValuePlanner; ttl: Ttl | undefined },
): PlannedEntry {
  if (!Array.isArray(entry))
    throw new TypeError(`Cannot set many: expected an array of key, value and options, got ${quote(entry)}`)
  const [key, value, own] = entry as [Key, unknown, WriteOptions?]
  if (own !== undefined) checkOptions('the write options', own, WRITE_OPTION_NAMES)
  const options = entryOptions(withDefaultTtl(withCommonOptions(own, common), ttl))
  return { key: keys.encode(key), planned: planner.plan(value), options }
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length > SLICE) yield* batchesOf(items, () => 1, SLICE)
  else if (items.length > 0) yield items
}
