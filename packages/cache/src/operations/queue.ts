import {
  checkKeepsKeys,
  checkOptions,
  checkString,
  damageChannel,
  type Key,
  type KeyedEntry,
  KeyForm,
  type QueueOptions,
  quote,
  tooLargeError,
  WRITE_OPTION_NAMES,
  type WriteOptions,
} from '@diskcache/core'
import type { QueueRow } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { NO_KEY_FORM, type OrderKey } from '../context/order-key.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { PreparedValue } from '../entries/prepared-value.ts'
import { DAMAGED, type ValueReader } from '../entries/value-reader.ts'
import { checkWriteOptions, isExpired, rowOptions } from '../entries/write-options.ts'

type Side = 'back' | 'front'

interface End {
  readonly prefix: string | undefined
  readonly side: Side
}

type QueueEntry = KeyedEntry<number | string, unknown>

const QUEUE_OPTION_NAMES = ['prefix', 'side']

/** Queues inside a cache, for either order of removal, as many as there are prefixes. */
export class Queue {
  readonly #context: CacheContext
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(context: CacheContext, reader: ValueReader, writer: EntryWriter) {
    this.#context = context
    this.#reader = reader
    this.#writer = writer
  }

  /** Returns the command that adds an item and results in its key; throws `ERR_DISKCACHE_TOO_LARGE`. */
  push(value: unknown, options: QueueOptions & WriteOptions): Command<number | string> {
    checkOptions('the options of push', options, [...QUEUE_OPTION_NAMES, ...WRITE_OPTION_NAMES])
    const { prefix, side, ...given } = options
    const end = this.#end({ prefix, side }, 'back')
    const write = checkWriteOptions(given, this.#context.ttl)
    const planned = this.#writer.plan(value)
    if (planned === undefined) throw tooLargeError()
    return {
      orderKeys: [orderKeyOf(end)],
      values: [planned],
      apply: ([prepared], now) => {
        const key = this.#context.directory.queues.nextKey(end.prefix, end.side)
        this.#writer.put({ key, form: KeyForm.plain }, prepared as PreparedValue, rowOptions(write, now), now)
        return publicKey(key)
      },
    }
  }

  /**
   * Returns the command that removes the item at an end and results in it. Expired and damaged items are removed and
   * passed over.
   */
  pull(options: QueueOptions): Command<QueueEntry | undefined> {
    checkOptions('the options of pull', options, QUEUE_OPTION_NAMES)
    const end = this.#end(options, 'front')
    return {
      orderKeys: [orderKeyOf(end)],
      values: [],
      // Most pulls of waiting workers find nothing, and need no lock for that.
      shortcut: () => (this.#find(end) === undefined ? { result: undefined } : undefined),
      apply: (_, now) => {
        const found = this.#first(end, now)
        if (found !== undefined) this.#context.directory.remove(found.row)
        return found?.entry
      },
    }
  }

  /**
   * Returns the command that results in the item at an end and leaves it there; only expired and damaged items before
   * it are removed.
   */
  peek(options: QueueOptions): Command<QueueEntry | undefined> {
    checkOptions('the options of peek', options, QUEUE_OPTION_NAMES)
    const end = this.#end(options, 'front')
    return {
      orderKeys: [orderKeyOf(end)],
      values: [],
      shortcut: () => {
        const row = this.#find(end)
        if (row === undefined) return { result: undefined }
        const value = this.#decode(row, this.#context.now())
        return value === DAMAGED ? undefined : { result: this.#keyedEntry(row, value) }
      },
      apply: (_, now) => this.#first(end, now)?.entry,
    }
  }

  #end(options: QueueOptions, defaultSide: Side): End {
    const end = checkEnd(options, defaultSide)
    if (end.prefix !== undefined) checkKeepsKeys(this.#context.directory.disk)
    return end
  }

  #find({ prefix, side }: End): QueueRow | undefined {
    return this.#context.directory.queues.find(prefix, side)
  }

  /** Returns the first item that is live and sound, inside a transaction, and removes those before it. */
  #first(end: End, now: number): { row: QueueRow; entry: QueueEntry } | undefined {
    for (;;) {
      const row = this.#find(end)
      if (row === undefined) return undefined
      const value = this.#decode(row, now)
      if (value !== DAMAGED) return { row, entry: this.#keyedEntry(row, value) }
      if (isExpired(row.expireTime, now)) this.#context.removalNews.tell('expired', [row])
      else this.#tellDamaged(row)
      this.#context.directory.remove(row)
    }
  }

  #keyedEntry(row: QueueRow, value: unknown): QueueEntry {
    return { key: publicKey(row.key), ...this.#reader.entryOf({ row, value }) }
  }

  /** Tells the channel of an item that is lost, once that is committed. */
  #tellDamaged({ key }: QueueRow): void {
    if (!damageChannel.hasSubscribers) return
    const { connection, path } = this.#context.directory
    connection.afterCommit(() => damageChannel.publish({ store: path, reason: 'entry', key: publicKey(key) }))
  }

  /** Returns the value of a live item, or `DAMAGED`, also for an expired one. */
  #decode(row: QueueRow, now: number): unknown {
    if (isExpired(row.expireTime, now)) return DAMAGED
    return this.#reader.decode(row, { key: row.key, form: KeyForm.plain })
  }
}

/** Returns the order key of a queue, whose items have no order with other keys, only among themselves. */
function orderKeyOf({ prefix }: End): OrderKey {
  return { key: prefix ?? null, form: NO_KEY_FORM }
}

function checkEnd({ prefix, side }: QueueOptions, defaultSide: Side): End {
  if (prefix !== undefined && !checkString('prefix', prefix).isWellFormed()) {
    throw new TypeError(`Cannot use prefix ${quote(prefix)}: it has a lone surrogate`)
  }
  const end = side ?? defaultSide
  if (end === 'back' || end === 'front') return { prefix, side: end }
  throw new RangeError(`Cannot use side: expected one of 'back', 'front', got ${quote(side)}`)
}

function publicKey(key: string | bigint): (number | string) & Key {
  return typeof key === 'bigint' ? Number(key) : key
}
