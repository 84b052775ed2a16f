import { type Column, type KeptEntry, MemoryTier, type ResolvedMemoryOptions } from '@diskcache/core'
import type { CacheDirectory, EntryRow } from '@diskcache/core/sqlite'
import { memoryId } from './memory-id.ts'
import { NO_KEY_FORM, type OrderKey } from './order-key.ts'

/** What memory keeps of an entry: its row, and the data of its value, wherever these are stored. */
export interface KeptRow {
  readonly row: EntryRow
  readonly data: Column
}

/** The age of the settings in memory, in milliseconds, from which those in the directory are read again. */
const SETTINGS_MS = 1_000

/**
 * The entries of a directory that this process keeps in memory, and what it knows of their being true still. SQLite
 * counts the commits of other connections; those of this one are told by whoever makes them, or count as having changed
 * everything.
 */
export class EntryMemory {
  readonly tier: MemoryTier<KeptRow>
  readonly #directory: CacheDirectory
  readonly #staleness: number
  /** When the directory was asked last, by the clock that is never set. */
  #asked = Number.POSITIVE_INFINITY
  #nextSettings = Number.NEGATIVE_INFINITY
  /** What the directory said last: SQLite's count is one of each handle. */
  #version: number | undefined
  #handle: object | undefined
  /** The commits of this connection that were noted. */
  #commits = 0
  /** The generation that began with the last of them of which it is not known what they changed. */
  #unknownWrite = 0

  constructor(directory: CacheDirectory, options: ResolvedMemoryOptions) {
    this.tier = new MemoryTier(options)
    this.#directory = directory
    this.#staleness = options.staleness
  }

  /**
   * Learns what may have changed until `staleness` ago, or until now with `isFresh`. Returns whether it is time to read
   * the settings, as everybody does once a second. Not for use inside a transaction.
   */
  look(isFresh: boolean): boolean {
    const now = performance.now()
    // It was asked later only by another clock, such as that of a test.
    if (isFresh || now - this.#asked >= this.#staleness || now < this.#asked) this.#ask(now)
    this.#noteCommits()
    if (now < this.#nextSettings) return false
    this.#nextSettings = now + SETTINGS_MS
    return true
  }

  /** Returns an entry, true or not, unless a commit of this connection may have changed it. */
  findUnwritten(id: string | number): KeptEntry<KeptRow> | undefined {
    this.#noteCommits()
    const entry = this.tier.find(id)
    return entry !== undefined && entry.generation >= this.#unknownWrite ? entry : undefined
  }

  /**
   * Looks after the files of the directory, which is to be read in any case. Whatever is read then is as true as what the
   * last look has told, which was earlier; so there has to have been one.
   */
  beforeRead(): void {
    if (this.#version === undefined) this.look(false)
    else this.#directory.connection.look()
  }

  /** Lets the next look ask the directory, however short a time ago the last one did: somebody knows of a later state. */
  distrust(): void {
    this.#asked = Number.POSITIVE_INFINITY
  }

  /**
   * Notes a write: that the commit after the first `before` ones of this connection has changed the entries of these
   * keys, and no others. Where it was more than one commit, or part of another transaction, or one of the keys is none
   * of an entry, nothing is known of it.
   */
  wrote(keys: readonly OrderKey[], before: number): void {
    const { commits } = this.#directory.connection
    if (commits !== before + 1 || this.#commits !== before) return
    if (keys.some(({ form }) => form === NO_KEY_FORM)) return
    this.#commits = commits
    for (const key of keys) this.tier.forget(memoryId(key))
  }

  #noteCommits(): void {
    const { commits } = this.#directory.connection
    if (commits === this.#commits) return
    this.#commits = commits
    this.tier.unverify()
    this.#unknownWrite = this.tier.generation
  }

  #ask(now: number): void {
    const { connection } = this.#directory
    connection.look(now)
    // A copy that is only read follows its database by itself, and later.
    const version = connection.readonly ? undefined : this.#directory.dataVersion()
    const { handle } = connection
    if (version === undefined || version !== this.#version || handle !== this.#handle) {
      this.#version = version
      this.#handle = handle
      this.tier.unverify()
    }
    this.#asked = now
  }
}
