import { closeSync } from 'node:fs'
import type { EncodedKey } from '@diskcache/core'
import type { CacheDirectory, EntryRow } from '@diskcache/core/sqlite'
import { DAMAGED, type LoadedEntry, MAX_READ_ATTEMPTS, type ValueReader } from './value-reader.ts'
import { isExpired } from './write-options.ts'

/**
 * A live row whose value is at hand, or in a file that is open already, so that a later replacement does not matter.
 */
export interface OpenedEntry {
  readonly row: EntryRow
  readonly key: EncodedKey
  readonly descriptor: number | undefined
}

/** Turns rows into values, without blocking the event loop on files. */
export class AsyncValueReader {
  readonly #directory: CacheDirectory
  readonly #reader: ValueReader

  constructor(directory: CacheDirectory, reader: ValueReader) {
    this.#directory = directory
    this.#reader = reader
  }

  /**
   * Finds the live entry and opens its file, or returns `undefined` when there is none. A damaged one counts as
   * missing.
   */
  open(key: EncodedKey, now: number): OpenedEntry | undefined {
    return this.openRow(key, now, this.#directory.entries.find(key))
  }

  /** Opens an entry like {@link open}, beginning with a row that was read already. */
  openRow(key: EncodedKey, now: number, first: EntryRow | undefined): OpenedEntry | undefined {
    let row = first
    for (let attempt = 1; row !== undefined && !isExpired(row.expireTime, now); attempt++) {
      this.#reader.checkMode(row, key)
      if (row.filename === null) return { row, key, descriptor: undefined }
      const descriptor = this.#directory.files.open(row.filename, Number(row.size))
      if (descriptor !== undefined) {
        this.#closeOnRollback(descriptor)
        return { row, key, descriptor }
      }
      const again = this.#directory.entries.find(key)
      if (attempt === MAX_READ_ATTEMPTS || again?.filename === row.filename) {
        this.#reader.removeDamaged(row, key)
        return undefined
      }
      row = again
    }
    return undefined
  }

  /** Resolves to the value of a row, or to `DAMAGED`, also when its file is gone. */
  async decode(row: EntryRow, key: EncodedKey): Promise<unknown> {
    this.#reader.checkMode(row, key)
    if (row.filename === null) return this.#reader.decodeData(row, key, row.value)
    const descriptor = this.#directory.files.open(row.filename, Number(row.size))
    if (descriptor === undefined) return DAMAGED
    return this.#reader.decodeData(row, key, await this.#readFile(row, descriptor))
  }

  /** Closes a file when the transaction fails: its commands run again, and open their files again. */
  #closeOnRollback(descriptor: number): void {
    const { connection } = this.#directory
    if (connection.inTransaction) connection.afterRollback(() => closeSync(descriptor))
  }

  #readFile(row: EntryRow, descriptor: number): Promise<Buffer | undefined> {
    return this.#directory.files.readOpen(row.filename as string, descriptor, Number(row.size))
  }

  /** Reads and decodes the value, and resolves to the entry, or to `undefined` when it is damaged. */
  async load({ row, key, descriptor }: OpenedEntry): Promise<LoadedEntry | undefined> {
    const data = descriptor === undefined ? row.value : await this.#readFile(row, descriptor)
    const value = this.#reader.decodeData(row, key, data)
    if (value !== DAMAGED) return data === undefined ? { row, value } : { row, value, data }
    this.#reader.removeDamaged(row, key)
    return undefined
  }
}
