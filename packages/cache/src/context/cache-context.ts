import { type EncodedKey, getChannel, setChannel, UsageGuard } from '@diskcache/core'
import type { CacheDirectory, Settings } from '@diskcache/core/sqlite'
import { AccessBuffer } from './access-buffer.ts'

/** How old the settings in memory may be, in seconds, before those in the directory are read again. */
const MAX_SETTINGS_AGE_S = 1

/** What the parts of a `Cache` share: the directory, the clock, the settings, and the rules of when it may be used. */
export class CacheContext {
  readonly directory: CacheDirectory
  readonly accessBuffer: AccessBuffer
  readonly usage = new UsageGuard()
  readonly #clock: () => number
  #settingsTime: number

  constructor(directory: CacheDirectory, clock: () => number) {
    this.directory = directory
    this.accessBuffer = new AccessBuffer(directory)
    this.#clock = clock
    this.#settingsTime = this.now()
  }

  /** Seconds since the epoch, as they stand in the database. */
  now(): number {
    return this.#clock() / 1e3
  }

  /** The settings; another process's changes are seen within a second of the clock. */
  settingsAt(now: number): Readonly<Settings> {
    const age = now - this.#settingsTime
    if (age >= 0 && age < MAX_SETTINGS_AGE_S) return this.directory.settings
    this.#settingsTime = now
    return this.directory.readSettings()
  }

  /** Notes a hit on the row, or a miss, where somebody wants to know. */
  noteRead(key: EncodedKey, rowid: bigint | undefined, now: number): void {
    // A file may have been read to its end after the cache was closed.
    if (!this.directory.connection.isOpen) return
    this.accessBuffer.note(rowid, now, this.settingsAt(now))
    if (!getChannel.hasSubscribers) return
    const reason = rowid === undefined ? 'miss' : 'hit'
    getChannel.publish({ store: this.directory.path, key: this.directory.disk.decodeKey(key), reason })
  }

  /** Says on the channel that a key was set or deleted, once that is committed. */
  noteWrite(key: EncodedKey, reason: 'set' | 'delete'): void {
    if (!setChannel.hasSubscribers) return
    const message = { store: this.directory.path, key: this.directory.disk.decodeKey(key), reason }
    this.directory.connection.afterCommit(() => setChannel.publish(message))
  }

  /** Every public operation begins with this. */
  assertUsable(): void {
    this.usage.assertUsable(this.directory.connection.isOpen)
  }
}
