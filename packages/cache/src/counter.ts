import {
  type CounterOptions,
  checkNumber,
  checkOptions,
  DiskCacheError,
  type EntryRow,
  type Key,
  type KeyColumns,
  quote,
} from '@diskcache/core'
import { type EntryWriter, tooLarge } from './entry-writer.ts'
import type { OpenCache } from './open-cache.ts'
import type { ValueReader } from './value-reader.ts'
import { isExpired, rowOptions, WRITE_OPTION_NAMES } from './write-options.ts'

const OPTION_NAMES = [...WRITE_OPTION_NAMES, 'initial']

/** Numbers that are changed in place. */
export class Counter {
  readonly #cache: OpenCache
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(cache: OpenCache, reader: ValueReader, writer: EntryWriter) {
    this.#cache = cache
    this.#reader = reader
    this.#writer = writer
  }

  /** Adds `delta` and gives the sum. A live row keeps its expiry, tag and pin. */
  add(key: Key, delta: number, options: CounterOptions): number {
    const { initial, ...write } = checkCounterOptions(delta, options)
    const now = this.#cache.now()
    const columns = this.#cache.directory.disk.encodeKey(key)
    const row = rowOptions(write, now)
    return this.#cache.directory.connection.transact(() => {
      const loaded = this.#reader.load(columns, now)
      if (loaded !== undefined) return this.#change(columns, loaded.row, sum(key, loaded.value, delta), now)
      if (initial === null) throw keyMissing(key)
      const result = sum(key, initial, delta)
      const stored = this.#writer.prepare(result, now)
      if (stored === undefined) throw tooLarge('count')
      if (!isExpired(row.expireTime, now)) this.#writer.put(columns, stored, row, now)
      return result
    })
  }

  #change(columns: KeyColumns, row: EntryRow, result: number, now: number): number {
    const stored = this.#writer.prepare(result, now)
    if (stored === undefined) throw tooLarge('count')
    const { directory } = this.#cache
    if (stored.filename === null) {
      directory.entries.setValue(row.rowid, stored.mode, stored.inline, now)
      directory.discardFile(row.filename)
    } else {
      const pin = directory.entries.isPinned(row.rowid)
      const options = { expireTime: row.expireTime, tag: row.tag, pin }
      this.#writer.transact([stored], () => this.#writer.put(columns, stored, options, now))
    }
    return result
  }
}

function checkCounterOptions(delta: number, options: CounterOptions) {
  checkOptions('the options of a counter', options, OPTION_NAMES)
  checkNumber('delta', delta)
  const { initial = 0, ...write } = options
  if (initial !== null) checkNumber('initial', initial)
  return { initial, ...write }
}

/** Throws `TypeError` for a value that is no number, `RangeError` when an integer sum would not be exact. */
function sum(key: Key, value: unknown, delta: number): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new TypeError(`Cannot change ${quote(key)} by ${delta}: its value ${quote(value)} is not a number`)
  }
  const isExact = typeof value === 'bigint' && Number.isInteger(delta)
  const result = isExact ? Number(value + BigInt(delta)) : Number(value) + delta
  if (Number.isInteger(result) && !Number.isSafeInteger(result)) {
    throw new RangeError(`Cannot change ${quote(key)} by ${delta}: the result would not be a safe integer`)
  }
  return result
}

function keyMissing(key: Key): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_KEY_MISSING', `Cannot change ${quote(key)}: it has no value`, {
    key,
  })
}
