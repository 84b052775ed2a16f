import {
  type Column,
  type KeptEntry,
  MemoryTier,
  type Mode,
  type ResolvedMemoryOptions,
} from '@diskcache/core'
import type { Background } from '../../server/background.ts'
import { PlainCommand } from '../../server/command.ts'
import type { Connection } from '../../server/connection.ts'
import type { Deadline } from '../../server/deadline.ts'
import type { Link } from '../../server/link/link.ts'
import type { ChangeListener } from '../../server/tracking.ts'
import type { Operations } from '../order/operations.ts'

/** Two clocks may part by so much of the time: what expires is forgotten earlier by that. */
const DRIFT = 0.001

/** What is there of an entry as long as it has this version. */
export interface NearValue {
  readonly version: string
  readonly mode: Mode
  /** What the value is decoded from. */
  readonly data: Column
  /** What else `getEntry` tells, where it is known; the expiry in epoch milliseconds by the server's clock, `null`: never. */
  readonly rest: { readonly expireTime: number | null; readonly tags: Buffer } | undefined
}

/** What memory keeps of an entry. Times are by this process's monotonic clock, in milliseconds. */
export interface NearEntry extends NearValue {
  /** Until when it lives at least. */
  readonly end: number
  /** When the reply that it was read from had come. */
  readonly since: number
  /** The connection over which it was read, and over which changes are told. */
  readonly link: Link
}

/** A read that is under way. */
export interface Reading {
  readonly link: Link | undefined
  /** When it began, by this process's monotonic clock, in milliseconds. */
  readonly start: number
}

/** What a read was told about when it was. */
export interface Moment {
  readonly reading: Reading
  /** For how many milliseconds the entry lives from then on; -1: for ever, -2: there was none. */
  readonly timeToLive: number
}

export interface NearMemoryParts {
  readonly connection: Connection
  readonly operations: Operations
  readonly background: Background
}

/**
 * The entries of a store that this process keeps in memory. Redis tells which have changed, and the answers to other
 * commands prove that it has: see {@link Link.toldUntil}.
 */
export class NearMemory implements ChangeListener {
  readonly tier: MemoryTier<NearEntry>
  readonly #staleness: number
  readonly #connection: Connection
  readonly #operations: Operations
  readonly #background: Background
  /** The last read of each entry that is under way, as long as nothing is known to have changed since it began. */
  readonly #readings = new Map<string, Reading>()
  /** Somebody knows of a state of this moment. */
  #notBefore = -Infinity
  /** Connections that are being asked. */
  readonly #asked = new Set<Link>()

  constructor(options: ResolvedMemoryOptions, { connection, operations, background }: NearMemoryParts) {
    this.tier = new MemoryTier(options)
    this.#staleness = options.staleness
    this.#connection = connection
    this.#operations = operations
    this.#background = background
  }

  /**
   * Returns an entry that was there at most `staleness` ago, and on which nothing is under way in this process; with
   * `isWhole` only one of which all is known.
   */
  find(name: string, isWhole = false): KeptEntry<NearEntry> | undefined {
    const entry = this.tier.find(name)
    if (entry === undefined) return undefined
    const { link, end, since, rest } = entry.source
    if (isWhole && rest === undefined) return undefined
    if (!this.tier.isTrue(entry)) return undefined
    const now = performance.now()
    const oldest = Math.max(now - this.#staleness, this.#notBefore)
    // Changes of the moment in which it was read are told by the time at which something later is answered.
    if (now >= end || link.answeredUntil < since || link.toldUntil < oldest) return undefined
    if (!link.isUp || this.#connection.linkOf(name) !== link || !this.#operations.isIdle(name))
      return undefined
    if (link.toldUntil < now - this.#staleness / 2) this.#ask(link, name)
    this.tier.countHit(entry)
    return entry
  }

  /** Returns what there is of an entry, however old, unless it has expired, or was changed here, or may be soon. */
  findStale(name: string, isWhole = false): KeptEntry<NearEntry> | undefined {
    const entry = this.tier.find(name)
    if (entry === undefined || (isWhole && entry.source.rest === undefined)) return undefined
    if (performance.now() >= entry.source.end || this.#operations.mayChange(name)) return undefined
    this.tier.countHit(entry)
    return entry
  }

  /** Begins to read an entry, which may be kept until {@link end}. */
  begin(name: string): Reading {
    const reading = { link: this.#connection.linkOf(name), start: performance.now() }
    this.#readings.set(name, reading)
    return reading
  }

  end(name: string, reading: Reading): void {
    if (this.#readings.get(name) === reading) this.#readings.delete(name)
  }

  /** Notes that there is no entry. */
  miss(name: string): void {
    this.tier.countMiss()
    this.tier.forget(name)
  }

  /** Returns the entry in memory if it has the version that was read, and notes `rest` of it, where that is known. */
  confirm(
    name: string,
    version: string,
    reading: Reading,
    rest?: NearValue['rest'],
  ): KeptEntry<NearEntry> | undefined {
    const entry = this.tier.find(name)
    if (entry === undefined || entry.source.version !== version) return undefined
    const link = this.#linkOf(name, reading)
    const isTrue = this.tier.isTrue(entry)
    // What was lost is true again only when nothing was missed since this read began.
    if (!isTrue && link === undefined) return undefined
    const isElsewhere = link !== undefined && (link !== entry.source.link || !isTrue)
    const place = isElsewhere ? { link, since: performance.now() } : {}
    this.tier.confirm(entry, { ...entry.source, ...place, rest: rest ?? entry.source.rest })
    return entry
  }

  /** Keeps what was read, unless something has changed since. */
  keep(name: string, kept: NearValue, value: unknown, { reading, timeToLive }: Moment): void {
    this.tier.countMiss()
    const link = timeToLive < -1 ? undefined : this.#linkOf(name, reading)
    const end = timeToLive === -1 ? Infinity : reading.start + (timeToLive - 1) * (1 - DRIFT)
    const source = { ...kept, end, since: performance.now(), link: link as Link }
    const moment = link === undefined ? -1 : this.tier.changes
    this.tier.add(name, { source, value, data: kept.data, moment })
  }

  /** Lets reads go to Redis until it has told of all changes until now. */
  distrust(): void {
    this.#notBefore = performance.now()
  }

  forget(name: string): void {
    this.#readings.delete(name)
    this.tier.forget(name)
  }

  /** Believes nothing that is there until it is read again: its connection was lost. */
  lose(): void {
    this.#readings.clear()
    this.tier.unverify()
  }

  clear(): void {
    this.#readings.clear()
    this.tier.clear()
  }

  /** Forgets what Redis may not have any more, so that it could not be found among what was removed. */
  forgetLost(): void {
    this.tier.forgetUnverified()
  }

  /** The connection of a read, if all changes are known that were made since it began. */
  #linkOf(name: string, reading: Reading): Link | undefined {
    const isWhole = this.#readings.get(name) === reading && this.#connection.linkOf(name) === reading.link
    return isWhole ? reading.link : undefined
  }

  /** Lets two answers, one after the other, prove what has been told, before a read has to go to Redis for that. */
  #ask(link: Link, name: string): void {
    if (this.#asked.has(link)) return
    this.#asked.add(link)
    this.#background.start((deadline) =>
      askTwice(link, name, deadline)
        // The entry may be elsewhere by now, and others with it. Reads go to Redis, and tell why.
        .catch(() => this.lose())
        .finally(() => this.#asked.delete(link)),
    )
  }
}

/** For the entry: a server of a cluster that has no say about it any more must not prove anything. */
async function askTwice(link: Link, name: string, deadline: Deadline): Promise<void> {
  for (let i = 0; i < 2; i++) await link.send(new PlainCommand(['EXISTS', name]), deadline)
}
