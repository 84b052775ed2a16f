import { type EncodedKey, evictChannel, type Key } from '@diskcache/core'
import type { CacheDirectory, RemovableRow } from '@diskcache/core/sqlite'

/** The reason of a removal, as the channel tells it. */
export type RemovalReason = 'expired' | 'evicted' | 'tag' | 'clear'

/** Tells the channel which entries went, and why. Without a listener no key is read. */
export class RemovalNews {
  readonly #directory: CacheDirectory

  constructor(directory: CacheDirectory) {
    this.#directory = directory
  }

  /** Returns the keys of rows that are about to be removed, those that are sound; none without a listener. */
  keysOf(rows: readonly Pick<RemovableRow, 'rowid'>[]): Key[] {
    if (!evictChannel.hasSubscribers) return []
    return rows.map(({ rowid }) => this.#keyOf(rowid)).filter((key) => key !== undefined)
  }

  /** Tells of rows that are about to be removed, inside a transaction, once that is committed. */
  tell(reason: RemovalReason, rows: readonly Pick<RemovableRow, 'rowid'>[]): void {
    this.tellKeys(reason, rows.length, this.keysOf(rows))
  }

  /** Tells of removed rows, inside a transaction, once that is committed. */
  tellKeys(reason: RemovalReason, count: number, keys: readonly Key[]): void {
    if (count === 0 || !evictChannel.hasSubscribers) return
    const message = { store: this.#directory.path, reason, count, keys }
    this.#directory.connection.afterCommit(() => evictChannel.publish(message))
  }

  /** Tells at once how many rows were removed that nobody has visited. */
  tellCount(reason: RemovalReason, count: number): void {
    if (evictChannel.hasSubscribers) evictChannel.publish({ store: this.#directory.path, reason, count })
  }

  #keyOf(rowid: bigint): Key | undefined {
    const { disk, entries } = this.#directory
    const row = entries.key(rowid)
    if (row === undefined) return undefined
    const key = { key: row.key, form: Number(row.raw) } as EncodedKey
    try {
      return this.#directory.isKeyIntact(row, key) ? disk.decodeKey(key) : undefined
    } catch {
      // The entry goes all the same.
      return undefined
    }
  }
}
