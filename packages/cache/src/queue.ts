import {
  checkOptions,
  checkString,
  type Key,
  type KeyedEntry,
  type QueueOptions,
  type QueueRow,
  quote,
  type WriteOptions,
} from '@diskcache/core'
import { type EntryWriter, tooLarge } from './entry-writer.ts'
import type { OpenCache } from './open-cache.ts'
import { DAMAGED, type ValueReader } from './value-reader.ts'
import { entryOf, isExpired, rowOptions, WRITE_OPTION_NAMES } from './write-options.ts'

type Side = 'back' | 'front'

const QUEUE_OPTION_NAMES = ['prefix', 'side']

/** First-in-first-out and last-in-first-out queues inside a cache, as many as there are prefixes. */
export class Queue {
  readonly #cache: OpenCache
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(cache: OpenCache, reader: ValueReader, writer: EntryWriter) {
    this.#cache = cache
    this.#reader = reader
    this.#writer = writer
  }

  /** Adds an item and gives its key. */
  push(value: unknown, options: QueueOptions & WriteOptions): number | string {
    checkOptions('the options of push', options, [...QUEUE_OPTION_NAMES, ...WRITE_OPTION_NAMES])
    const { prefix, side, ...write } = options
    const end = checkEnd({ prefix, side }, 'back')
    const now = this.#cache.now()
    const row = rowOptions(write, now)
    const stored = this.#writer.prepare(value, now)
    if (stored === undefined) throw tooLarge('push')
    const { queues } = this.#cache.directory
    return this.#writer.transact([stored], () => {
      const key = queues.nextKey(end.prefix, end.side)
      this.#writer.put({ key, raw: 1 }, stored, row, now)
      return publicKey(key)
    })
  }

  /** Removes and gives the item at that end. Expired and damaged ones are removed and passed over. */
  pull(options: QueueOptions): KeyedEntry<number | string, unknown> | undefined {
    checkOptions('the options of pull', options, QUEUE_OPTION_NAMES)
    const end = checkEnd(options, 'front')
    const { connection, queues } = this.#cache.directory
    // Most pulls of waiting workers find nothing: that needs no lock.
    if (queues.find(end.prefix, end.side) === undefined) return undefined
    return connection.transact(() => {
      const found = this.#first(end)
      if (found !== undefined) this.#cache.directory.remove(found.row)
      return found?.entry
    })
  }

  /** Gives the item at that end and leaves it there. */
  peek(options: QueueOptions): KeyedEntry<number | string, unknown> | undefined {
    checkOptions('the options of peek', options, QUEUE_OPTION_NAMES)
    const end = checkEnd(options, 'front')
    const { connection, queues } = this.#cache.directory
    const row = queues.find(end.prefix, end.side)
    if (row === undefined) return undefined
    const value = isExpired(row.expireTime, this.#cache.now()) ? DAMAGED : this.#decode(row)
    if (value !== DAMAGED) return keyedEntry(row, value)
    return connection.transact(() => this.#first(end)?.entry)
  }

  /** The first item that is live and sound; those before it are removed. Runs inside a transaction. */
  #first({ prefix, side }: { prefix: string | undefined; side: Side }) {
    const { directory } = this.#cache
    const now = this.#cache.now()
    for (;;) {
      const row = directory.queues.find(prefix, side)
      if (row === undefined) return undefined
      const value = isExpired(row.expireTime, now) ? DAMAGED : this.#decode(row)
      if (value !== DAMAGED) return { row, entry: keyedEntry(row, value) }
      directory.remove(row)
    }
  }

  #decode(row: QueueRow): unknown {
    return this.#reader.decode(row, { key: row.key, raw: 1 })
  }
}

function checkEnd(
  { prefix, side }: QueueOptions,
  defaultSide: Side,
): { prefix: string | undefined; side: Side } {
  if (prefix !== undefined && !checkString('prefix', prefix).isWellFormed()) {
    throw new TypeError(`Cannot use prefix ${quote(prefix)}: it has a lone surrogate`)
  }
  const end = side ?? defaultSide
  if (end === 'back' || end === 'front') return { prefix, side: end }
  throw new RangeError(`Cannot use side: expected one of 'back', 'front', got ${quote(side)}`)
}

function keyedEntry(row: QueueRow, value: unknown): KeyedEntry<number | string, unknown> {
  return { key: publicKey(row.key), ...entryOf(row, value) }
}

function publicKey(key: string | bigint): (number | string) & Key {
  return typeof key === 'bigint' ? Number(key) : key
}
