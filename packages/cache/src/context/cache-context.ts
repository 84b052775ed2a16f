import {
  type EncodedKey,
  getChannel,
  type ResolvedMemoryOptions,
  setChannel,
  type Ttl,
  UsageGuard,
} from '@diskcache/core'
import type { CacheDirectory, Settings } from '@diskcache/core/sqlite'
import { AccessBuffer, type ReadRow } from './access-buffer.ts'
import { EntryMemory } from './entry-memory.ts'
import { RemovalNews } from './removal-news.ts'

/** The age of the settings in memory, in seconds, from which those in the directory are read again. */
const MAX_SETTINGS_AGE_S = 1

/**
 * What the parts of a `Cache` share: the directory, the clock, the settings, and the rules of when the cache may be
 * used.
 */
export class CacheContext {
  readonly directory: CacheDirectory
  readonly accessBuffer: AccessBuffer
  /** The entries that this process keeps in memory, if it is to keep some. */
  readonly memory: EntryMemory | undefined
  readonly removalNews: RemovalNews
  /** The time to live of writes that give none. */
  readonly ttl: Ttl | undefined
  readonly usage = new UsageGuard()
  readonly #clock: () => number
  #settingsTime: number

  constructor(
    directory: CacheDirectory,
    clock: () => number,
    { memory, ttl }: { memory?: ResolvedMemoryOptions | undefined; ttl?: Ttl | undefined } = {},
  ) {
    this.directory = directory
    this.ttl = ttl
    this.accessBuffer = new AccessBuffer(directory)
    this.memory = memory && new EntryMemory(directory, memory)
    this.removalNews = new RemovalNews(directory)
    this.#clock = clock
    this.#settingsTime = this.now()
    // Its rowids mean other rows now, or none.
    this.onReplaced(() => this.accessBuffer.forgetRows())
    this.onReplaced(() => this.memory?.tier.clear())
  }

  /** Calls `listener` whenever the entries may be gone: removed, replaced or reset, by whichever process. */
  onReplaced(listener: () => void): void {
    this.directory.connection.onReplaced(listener)
  }

  /** Returns the present in seconds since the epoch, the unit of the database. */
  now(): number {
    return this.#clock() / 1e3
  }

  /** Returns the settings. A change by another process shows within a second of the clock. */
  settingsAt(now: number): Readonly<Settings> {
    const age = now - this.#settingsTime
    if (age >= 0 && age < MAX_SETTINGS_AGE_S) return this.directory.settings
    this.#settingsTime = now
    const settings = this.directory.readSettings()
    if (settings.evictionPolicy === 's3-fifo') this.accessBuffer.notesUses = this.directory.isNearLimit()
    return settings
  }

  /**
   * Notes a hit on the row, or a miss, for statistics, the eviction policy and the channel, as far as one of them
   * needs it.
   */
  noteRead(key: EncodedKey, row: ReadRow | undefined, now: number): void {
    // A file may have been read to its end after the cache was closed.
    if (!this.directory.connection.isOpen) return
    this.accessBuffer.note(row, now, this.settingsAt(now))
    if (!getChannel.hasSubscribers) return
    const reason = row === undefined ? 'miss' : 'hit'
    getChannel.publish({ store: this.directory.path, key: this.directory.disk.decodeKey(key), reason })
  }

  /** Whether reads make a difference to anything, so that {@link noteRead} has to be called. */
  get notesReads(): boolean {
    return this.accessBuffer.needs(this.directory.settings) || getChannel.hasSubscribers
  }

  /** Tells the channel that a key was set, to a value of about so many bytes, or deleted, once that is committed. */
  noteWrite(encodedKey: EncodedKey, reason: 'set' | 'delete', bytes?: number): void {
    if (!setChannel.hasSubscribers) return
    const key = this.directory.disk.decodeKey(encodedKey)
    const message = { store: this.directory.path, key, reason, ...(bytes === undefined ? {} : { bytes }) }
    this.directory.connection.afterCommit(() => setChannel.publish(message))
  }

  /**
   * Throws when the cache may not be used now, and looks whether its files are still there. Every public operation
   * begins with this.
   */
  assertUsable(): void {
    this.assertOpen()
    this.directory.connection.look()
  }

  /** Throws when the cache may not be used now. With this begins what looks after its files by itself. */
  assertOpen(): void {
    this.usage.assertUsable(this.directory.connection.isOpen)
  }
}
