import {
  type CounterOptions,
  checkNumber,
  checkOptions,
  DiskCacheError,
  type Key,
  type KeyColumns,
  quote,
} from '@diskcache/core'
import type { Command } from './command.ts'
import type { EntryWriter } from './entry-writer.ts'
import type { OpenCache } from './open-cache.ts'
import type { LoadedEntry, ValueReader } from './value-reader.ts'
import { checkWriteOptions, rowOptions, WRITE_OPTION_NAMES } from './write-options.ts'

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
  add(key: Key, delta: number, options: CounterOptions): Command<number> {
    const columns = this.#cache.directory.disk.encodeKey(key)
    const { initial, ...write } = checkCounterOptions(delta, options)
    return {
      lanes: [columns],
      values: [],
      apply: (_, now) => {
        const loaded = this.#reader.load(columns, now)
        if (loaded !== undefined) return this.#change(columns, loaded, sum(key, loaded.value, delta), now)
        if (initial === null) throw keyMissing(key)
        const result = sum(key, initial, delta)
        this.#writer.putValue(columns, result, rowOptions(write, now), now)
        return result
      },
    }
  }

  #change(columns: KeyColumns, { row }: LoadedEntry, result: number, now: number): number {
    const { entries } = this.#cache.directory
    const planned = this.#writer.plan(result)
    // Nearly always: with a codec of its own, a number may be so long that it becomes a file.
    if (planned?.isFile === false && row.filename === null) {
      entries.setValue(row.rowid, planned.mode, planned.data, now)
    } else {
      const { expireTime, tag } = row
      this.#writer.putValue(columns, result, { expireTime, tag, pin: entries.isPinned(row.rowid) }, now)
    }
    return result
  }
}

function checkCounterOptions(delta: number, options: CounterOptions) {
  checkOptions('the options of a counter', options, OPTION_NAMES)
  checkNumber('delta', delta)
  const { initial = 0, ...write } = options
  if (initial !== null) checkNumber('initial', initial)
  checkWriteOptions(write)
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
