import {
  type CacheDirectory,
  type Column,
  DiskCacheError,
  type KeyColumns,
  type LocatedRow,
  Mode,
  type RowOptions,
  type StoredValue,
} from '@diskcache/core'
import type { Eviction } from './eviction.ts'
import type { OpenCache } from './open-cache.ts'
import { isExpired } from './write-options.ts'

/** From values to rows and files. */
export class EntryWriter {
  readonly #cache: OpenCache
  readonly #directory: CacheDirectory
  readonly #eviction: Eviction

  constructor(cache: OpenCache, eviction: Eviction) {
    this.#cache = cache
    this.#directory = cache.directory
    this.#eviction = eviction
  }

  /** Encodes a value and, when it is large, writes its file. `undefined`: it is larger than the size limit. */
  prepare(value: unknown, now: number): StoredValue | undefined {
    const { sizeLimit, minFileSize } = this.#cache.settingsAt(now)
    const { mode, data } = this.#directory.disk.encodeValue(value)
    const bytes = lengthOf(data, Math.min(minFileSize, sizeLimit + 1))
    if (bytes > sizeLimit) return undefined
    if (bytes < minFileSize || !isLong(data)) return { mode, inline: data, filename: null, size: 0 }
    const filename = this.#directory.files.write(data)
    return { mode: fileMode(mode, data), inline: null, filename, size: Buffer.byteLength(data) }
  }

  /**
   * Runs `body` as a transaction that puts prepared values into rows. When it fails, or is undone by a transaction
   * around it, their files are removed.
   */
  transact<T>(prepared: readonly (StoredValue | undefined)[], body: () => T): T {
    const { connection } = this.#directory
    const withFiles = prepared.filter((stored) => stored?.filename != null)
    if (withFiles.length === 0) return connection.transact(body)
    try {
      return connection.transact(() => {
        connection.afterRollback(() => this.discard(withFiles))
        return body()
      })
    } catch (error) {
      this.discard(withFiles)
      throw error
    }
  }

  /** Removes the files of prepared values that did not become rows. */
  discard(prepared: readonly (StoredValue | undefined)[]): void {
    for (const stored of prepared) {
      if (stored?.filename != null) this.#directory.files.remove(stored.filename)
    }
  }

  /** Makes or replaces the row, inside a transaction. One that is expired from the start is not kept. */
  put(key: KeyColumns, stored: StoredValue, options: RowOptions, now: number): void {
    const row = this.#directory.entries.locate(key)
    if (isExpired(options.expireTime, now)) this.#drop(row, stored)
    else this.#store(key, row, stored, options, now)
  }

  #store(
    key: KeyColumns,
    row: LocatedRow | undefined,
    stored: StoredValue,
    options: RowOptions,
    now: number,
  ): void {
    if (row === undefined) this.#directory.entries.insert(key, stored, options, now)
    else {
      this.#directory.entries.replace(row.rowid, stored, options, now)
      this.#directory.discardFile(row.filename)
    }
    // A replaced inline value leaves about as much room as the new one takes.
    const bytes = row === undefined ? lengthOf(stored.inline, 0) : 0
    const isFile = stored.filename !== null
    this.#eviction.afterWrite({ key, bytes, isFile, expireTime: options.expireTime }, now)
  }

  #drop(row: LocatedRow | undefined, stored: StoredValue): void {
    if (row !== undefined) this.#directory.remove(row)
    this.#directory.discardFile(stored.filename)
  }
}

/** For operations whose result cannot say that nothing was stored. */
export function tooLarge(operation: string): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_TOO_LARGE',
    `Cannot ${operation}: the value is larger than the size limit`,
  )
}

function isLong(data: Column): data is string | Buffer {
  return typeof data === 'string' || Buffer.isBuffer(data)
}

/** Bytes of encoded data. A string is only measured when it may have as many as `threshold`. */
function lengthOf(data: Column, threshold: number): number {
  if (Buffer.isBuffer(data)) return data.length
  if (typeof data !== 'string') return 8
  // UTF-8 takes at most three bytes for a unit of UTF-16.
  return data.length * 3 < threshold ? data.length : Buffer.byteLength(data)
}

function fileMode(mode: StoredValue['mode'], data: string | Buffer): Mode {
  if (mode !== Mode.raw) return mode
  return typeof data === 'string' ? Mode.text : Mode.binary
}
