import { type Change, checkChange, type Disk, type Entry, type Ttl, type UsageGuard } from '@diskcache/core'
import type { StoredEntry } from '../../bytes/entry-bytes.ts'
import { decodeTags } from '../../bytes/tag-bytes.ts'
import type { LookReply } from '../../scripts/look.ts'
import type { Commands } from '../../server/commands.ts'
import type { Deadline } from '../../server/deadline.ts'
import { type EntryReader, entryOf, type Look } from '../entry-reader.ts'
import { type EntryWriter, isWritten, type PutOptions } from '../entry-writer.ts'
import type { PlannedValue, ValuePlanner } from '../value-planner.ts'
import { entryOptions } from '../write-options.ts'
import type { ChangeCallback, SetChange, Updated } from './change-callback.ts'
import { JointChanges } from './joint-changes.ts'
import { KnownEntries, type KnownEntry } from './known-entries.ts'

/** The first pause after a lost race is at most this long, and doubles up to the longest; milliseconds. */
const SHORTEST_PAUSE = 2
const LONGEST_PAUSE = 64

export interface UpdateParts {
  readonly commands: Commands
  readonly reader: EntryReader
  readonly writer: EntryWriter
  readonly planner: ValuePlanner
  readonly usage: UsageGuard
  readonly disk: Disk
  /** The time to live of new entries that are given none. */
  readonly ttl: Ttl | undefined
  /** Instead of the server's. */
  readonly clock: (() => number) | undefined
}

/** What an update goes by: what it has seen or, to save the look, what this process left there, and the time. */
interface Basis extends Look {
  readonly isGuess: boolean
  /** Whether what this process leaves there may be guessed next time. */
  readonly isTrusted: boolean
}

interface PlannedPut {
  readonly planned: PlannedValue
  readonly options: PutOptions
}

/** Somebody else was faster, or the guess was wrong; with what is there instead, where that is known. */
class Refused {
  readonly instead: LookReply | undefined

  constructor(instead?: LookReply | undefined) {
    this.instead = instead
  }
}

/**
 * Atomic steps on one entry: it is read, the callback decides, and one script writes if the version is still the one that
 * was read. Otherwise it is tried again, until the deadline. What this process itself left there need not be read: the
 * script tells what is there instead, if it is something else.
 */
export class Update {
  readonly #commands: Commands
  readonly #reader: EntryReader
  readonly #writer: EntryWriter
  readonly #planner: ValuePlanner
  readonly #usage: UsageGuard
  readonly #disk: Disk
  readonly #ttl: Ttl | undefined
  readonly #clock: (() => number) | undefined
  readonly #known = new KnownEntries()

  constructor({ commands, reader, writer, planner, usage, disk, ttl, clock }: UpdateParts) {
    this.#commands = commands
    this.#reader = reader
    this.#writer = writer
    this.#planner = planner
    this.#usage = usage
    this.#disk = disk
    this.#ttl = ttl
    this.#clock = clock
  }

  async run(key: string, change: ChangeCallback, deadline: Deadline): Promise<Updated> {
    const known = this.#known.take(key)
    const guess = known && this.#guess(key, known)
    const guessed = guess && (await this.#attempt(key, change, guess, deadline))
    if (guessed !== undefined && !(guessed instanceof Refused)) return guessed
    let basis = guessed?.instead && (await this.#basisOf(key, guessed.instead, deadline))
    for (let longest = SHORTEST_PAUSE; ; longest = Math.min(longest * 2, LONGEST_PAUSE)) {
      basis ??= await this.#look(key, known, deadline)
      const attempt = await this.#attempt(key, change, basis, deadline)
      if (!(attempt instanceof Refused)) return attempt
      await deadline.pause(Math.random() * longest, new Error('Others changed the entry every time'))
      basis = undefined
    }
  }

  /** Several changes of one entry, one after the other, in as few steps as that takes. */
  async runAll(
    key: string,
    changes: readonly ChangeCallback[],
    deadline: Deadline,
  ): Promise<PromiseSettledResult<Updated>[]> {
    const results: PromiseSettledResult<Updated>[] = []
    while (results.length < changes.length) {
      const joint = new JointChanges(changes.slice(results.length), {
        planner: this.#planner,
        disk: this.#disk,
        ttl: this.#ttl,
      })
      try {
        const outcomes = joint.outcomes(await this.run(key, joint.callback, deadline))
        for (const value of outcomes) results.push({ status: 'fulfilled', value })
      } catch (reason) {
        for (let i = 0; i < joint.count; i++) results.push({ status: 'rejected', reason })
      }
      deadline.extend()
    }
    return results
  }

  /** Nothing is taken back of what is known. */
  expectAbsent(key: string): void {
    if (!this.#known.has(key)) this.#known.note(key, { stored: undefined, expireTime: null, isTrusted: true })
  }

  #guess(key: string, { stored, expireTime, isTrusted }: KnownEntry): Basis | undefined {
    const now = this.#commands.timeOf(key)
    if (!isTrusted || now === undefined) return undefined
    const guess = { now, isGuess: true, isTrusted: true }
    if (stored === undefined) return { entry: undefined, ...guess }
    if (expireTime !== null && expireTime <= now) return undefined
    return { entry: this.#reader.entryOf(key, stored, expireTime), ...guess }
  }

  async #look(key: string, known: KnownEntry | undefined, deadline: Deadline): Promise<Basis> {
    const seen = await this.#reader.look(key, deadline)
    const isSame = versionOf(seen.entry?.stored) === versionOf(known?.stored)
    return { ...seen, isGuess: false, isTrusted: known === undefined || isSame }
  }

  async #basisOf(key: string, there: LookReply, deadline: Deadline): Promise<Basis | undefined> {
    const [bytes, , now] = there
    const entry = await this.#reader.load(key, there, deadline)
    return entry === undefined && bytes !== null
      ? undefined
      : { entry, now, isGuess: false, isTrusted: false }
  }

  async #attempt(
    key: string,
    change: ChangeCallback,
    basis: Basis,
    deadline: Deadline,
  ): Promise<Updated | Refused> {
    const entry = basis.entry && entryOf<unknown>(basis.entry)
    const decision = this.#decide(change, entry, basis)
    if (decision === undefined) return new Refused()
    if ('keep' in decision) return { entry, reason: undefined }
    return !('delete' in decision)
      ? this.#set(key, decision, basis, deadline)
      : this.#delete(key, basis, deadline)
  }

  /** `undefined` where a guess is not good enough: what is kept must be there, and what failed must have had a reason. */
  #decide(
    change: ChangeCallback,
    entry: Entry<unknown> | undefined,
    { now, isGuess }: Basis,
  ): Change<unknown> | undefined {
    try {
      const time = this.#clock?.() ?? now
      const decision = checkChange(this.#usage.runCallback(() => change(entry, time)))
      const isNothing = 'keep' in decision || ('delete' in decision && entry === undefined)
      return isGuess && isNothing ? undefined : decision
    } catch (error) {
      if (isGuess) return undefined
      throw error
    }
  }

  async #set(key: string, change: SetChange, basis: Basis, deadline: Deadline): Promise<Updated | Refused> {
    const put = this.#planPut(change, basis)
    if (put === undefined) return new Refused()
    const { planned, options } = put
    if (options.ttl === 0) return this.#delete(key, basis, deadline)
    const written = await this.#writer.put(key, planned, options, deadline)
    if (!isWritten(written)) return new Refused(written.instead)
    const { version, tags, expireTime } = written
    if (planned.long === undefined) {
      const stored = { version, mode: planned.mode, tags, data: planned.inline }
      this.#known.note(key, { stored, expireTime, isTrusted: basis.isTrusted })
    }
    return { entry: { value: change.set, expireTime, tags: decodeTags(tags) }, reason: 'set' }
  }

  /** `undefined` where a guess is not good enough: chunks are not sent for it, nor does it fail. */
  #planPut(change: SetChange, { entry: seen, now, isGuess }: Basis): PlannedPut | undefined {
    const { set, ttl: own, tag, pin } = change
    const ttl = own === undefined && seen === undefined ? this.#ttl : own
    try {
      const given = entryOptions({ ttl, tag, pin })
      const planned = this.#planner.planOrThrow(set)
      if (isGuess && planned.long !== undefined) return undefined
      const options: PutOptions = {
        ttl: ttl === undefined && seen !== undefined ? 'keep' : given.ttl,
        tags: tag === undefined ? (seen?.stored.tags ?? given.tags) : given.tags,
        condition: seen?.stored.version ?? 'absent',
        expireTime: seen?.expireTime ?? null,
        guessedTime: isGuess && this.#clock === undefined ? now : undefined,
      }
      return { planned, options }
    } catch (error) {
      if (isGuess) return undefined
      throw error
    }
  }

  async #delete(key: string, { entry, isTrusted }: Basis, deadline: Deadline): Promise<Updated | Refused> {
    if (entry === undefined) return { entry: undefined, reason: undefined }
    const isRemoved = await this.#writer.remove(key, deadline, entry.stored.version)
    if (!isRemoved) return new Refused()
    this.#known.note(key, { stored: undefined, expireTime: null, isTrusted })
    return { entry: undefined, reason: 'delete' }
  }
}

function versionOf(stored: StoredEntry | undefined): string | undefined {
  return stored && String(stored.version)
}
