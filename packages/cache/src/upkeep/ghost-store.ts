import { type EncodedKey, errorChannel, type KeyForm } from '@diskcache/core'
import type { CacheDirectory, SweepQueries, SweptRow } from '@diskcache/core/sqlite'
import { Ghosts } from './ghosts.ts'

/** The fingerprints that are stored together, in one row, and the bytes of one. */
const PER_ROW = 64
const BYTES = 4

/** The fingerprints that are remembered for each entry, and the bytes of the size limit for each of them. */
const PER_ENTRY = 3
const LIMIT_BYTES = 256

/** The most rows that are read in one transaction, which takes a millisecond. */
const MOST_ROWS = 256

/**
 * Remembers whose entries were evicted, in memory, and tells other processes, and those that come later, by the
 * directory.
 */
export class GhostStore {
  readonly #directory: CacheDirectory
  readonly #queries: SweepQueries
  readonly #ghosts = new Ghosts()
  #isEmpty = true
  /** The fingerprints that are not stored yet. */
  #waiting: number[] = []
  /** The row up to which the stored ones were read. */
  #read = 0n
  #newest = 0n

  constructor(directory: CacheDirectory, queries: SweepQueries) {
    this.#directory = directory
    this.#queries = queries
  }

  /** The number of the newest row of fingerprints, as of the transaction under way. */
  get newest(): bigint {
    return this.#newest
  }

  /** Remembers the key of a row that is evicted. */
  add({ key, raw }: SweptRow): void {
    const fingerprint = this.#directory.sums.fingerprintOf({ key, form: Number(raw) as KeyForm })
    if (fingerprint === undefined) return
    this.#add(fingerprint)
    this.#waiting.push(fingerprint)
  }

  /** Forgets a key, and returns whether it was remembered. */
  take(key: EncodedKey): boolean {
    if (this.#isEmpty) return false
    const fingerprint = this.#directory.sums.fingerprintOf(key)
    return fingerprint !== undefined && this.#ghosts.take(fingerprint)
  }

  /** Remembers as many keys as suit so many entries. */
  resize(entries: number): void {
    this.#ghosts.resize(Math.min(entries * PER_ENTRY, this.#directory.settings.sizeLimit / LIMIT_BYTES))
  }

  /** Reads what others have stored, up to the row `newest`, a part of it if that is much. */
  follow(newest: bigint): void {
    this.#newest = newest
    const oldest = newest - this.#rowsKept
    if (this.#read > newest) this.#read = newest
    if (this.#read < oldest) this.#read = oldest
    if (this.#read === newest) return
    const rows = this.#queries.ghostsAfter(this.#read, MOST_ROWS)
    for (const { fingerprints } of rows) this.#addAll(fingerprints)
    this.#read = rows.length === MOST_ROWS ? (rows.at(-1)?.id ?? newest) : newest
  }

  /** Stores what fills a row, inside a transaction. */
  store(): void {
    while (this.#waiting.length >= PER_ROW) this.#storeRow()
  }

  /** Stores everything, inside a transaction. */
  storeAll(): void {
    while (this.#waiting.length > 0) this.#storeRow()
  }

  /** Runs `store` as a transaction, if something waits for it and the lock is free. It never throws. */
  flush(store: () => void): void {
    if (this.#waiting.length === 0) return
    try {
      this.#directory.connection.tryTransact(store)
    } catch (error) {
      errorChannel.publish({ store: this.#directory.path, reason: 'failed', error })
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#ghosts.clear()
    this.#isEmpty = true
    this.#waiting = []
    this.#read = 0n
  }

  get #rowsKept(): bigint {
    return BigInt(Math.ceil(this.#ghosts.capacity / PER_ROW))
  }

  #add(fingerprint: number): void {
    this.#ghosts.add(fingerprint)
    this.#isEmpty = false
  }

  #addAll(fingerprints: unknown): void {
    if (!Buffer.isBuffer(fingerprints)) return
    for (let i = 0; i + BYTES <= fingerprints.length; i += BYTES) this.#add(fingerprints.readUInt32LE(i))
  }

  #storeRow(): void {
    const row = this.#waiting.splice(0, PER_ROW)
    const bytes = Buffer.alloc(row.length * BYTES)
    for (const [i, fingerprint] of row.entries()) bytes.writeUInt32LE(fingerprint, i * BYTES)
    const id = this.#newest + 1n
    this.#queries.addGhosts(id, bytes, id - this.#rowsKept)
    if (this.#read === this.#newest) this.#read = id
    this.#newest = id
  }
}
