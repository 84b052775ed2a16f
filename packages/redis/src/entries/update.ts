import { type Change, checkChange, type Entry, type UsageGuard } from '@diskcache/core'
import { decodeTags } from '../bytes/tag-bytes.ts'
import type { Deadline } from '../server/deadline.ts'
import { type EntryReader, entryOf, type LoadedEntry, type Look } from './entry-reader.ts'
import { type EntryWriter, isWritten } from './entry-writer.ts'
import type { ValuePlanner } from './value-planner.ts'
import { entryOptions } from './write-options.ts'

export type ChangeCallback = (entry: Entry<unknown> | undefined, now: number) => Change<unknown>

type SetChange = Extract<Change<unknown>, { set: unknown }>

/** The first pause after a lost race is at most this long, and doubles up to the longest; milliseconds. */
const SHORTEST_PAUSE = 2
const LONGEST_PAUSE = 64

export interface UpdateParts {
  readonly reader: EntryReader
  readonly writer: EntryWriter
  readonly planner: ValuePlanner
  readonly usage: UsageGuard
  /** Instead of the server's. */
  readonly clock: (() => number) | undefined
}

export interface Updated {
  /** As it is afterwards. */
  readonly entry: Entry<unknown> | undefined
  readonly reason: 'set' | 'delete' | undefined
}

/**
 * Atomic steps on one entry: it is read, the callback decides, and one script writes if the version is still the one that
 * was read. Otherwise it is tried again, until the deadline.
 */
export class Update {
  readonly #reader: EntryReader
  readonly #writer: EntryWriter
  readonly #planner: ValuePlanner
  readonly #usage: UsageGuard
  readonly #clock: (() => number) | undefined

  constructor({ reader, writer, planner, usage, clock }: UpdateParts) {
    this.#reader = reader
    this.#writer = writer
    this.#planner = planner
    this.#usage = usage
    this.#clock = clock
  }

  async run(key: string, change: ChangeCallback, deadline: Deadline): Promise<Updated> {
    for (let longest = SHORTEST_PAUSE; ; longest = Math.min(longest * 2, LONGEST_PAUSE)) {
      const attempt = await this.#attempt(key, change, deadline)
      if (attempt !== undefined) return attempt
      await deadline.pause(Math.random() * longest, new Error('Others changed the entry every time'))
    }
  }

  /** `undefined` when somebody else was faster. */
  async #attempt(key: string, change: ChangeCallback, deadline: Deadline): Promise<Updated | undefined> {
    const seen = await this.#reader.look(key, deadline)
    const entry = seen.entry && entryOf<unknown>(seen.entry)
    const now = this.#clock?.() ?? seen.now
    const decision = checkChange(this.#usage.runCallback(() => change(entry, now)))
    if ('keep' in decision) return { entry, reason: undefined }
    return !('delete' in decision)
      ? this.#set(key, decision, seen, deadline)
      : this.#delete(key, seen.entry, deadline)
  }

  async #set(key: string, change: SetChange, seen: Look, deadline: Deadline): Promise<Updated | undefined> {
    const { set, ttl: newTtl, tag, pin } = change
    const options = entryOptions({ ttl: newTtl, tag, pin })
    const planned = this.#planner.planOrThrow(set)
    if (options.ttl === 0) return this.#delete(key, seen.entry, deadline)
    const ttl = newTtl === undefined && seen.entry !== undefined ? 'keep' : options.ttl
    const tags = tag === undefined ? (seen.entry?.stored.tags ?? options.tags) : options.tags
    const condition = seen.entry?.stored.version ?? 'absent'
    const expireTime = seen.entry?.expireTime ?? null
    const written = await this.#writer.put(key, planned, { ttl, tags, condition, expireTime }, deadline)
    if (!isWritten(written)) return undefined
    return {
      entry: { value: set, expireTime: written.expireTime, tags: decodeTags(written.tags) },
      reason: 'set',
    }
  }

  async #delete(
    key: string,
    entry: LoadedEntry | undefined,
    deadline: Deadline,
  ): Promise<Updated | undefined> {
    if (entry === undefined) return { entry: undefined, reason: undefined }
    const isRemoved = await this.#writer.remove(key, deadline, entry.stored.version)
    return isRemoved ? { entry: undefined, reason: 'delete' } : undefined
  }
}
