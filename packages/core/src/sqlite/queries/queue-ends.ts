import { QUEUE_KEYS } from '../../codec/queue-keys.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { ENTRY_COLUMNS, type EntryRow } from './entry-table.ts'

/** A row of a queue, with its key. */
export interface QueueRow extends EntryRow {
  /** The key of the item. */
  readonly key: string | bigint
}

/** An end of a queue. */
export type QueueSide = 'back' | 'front'

const FIRST_KEY = BigInt(QUEUE_KEYS.first)
const MIN_KEY = BigInt(QUEUE_KEYS.min)
const MAX_KEY = BigInt(QUEUE_KEYS.max)

/** The number of digits in the key of an item, in a queue with a prefix. */
const DIGITS = 15
const ITEM = /^[0-9]{15}$/

const COLUMNS = `rowid, key, value, ${ENTRY_COLUMNS}`
const FRONT = `SELECT ${COLUMNS} FROM Cache WHERE key >= ? AND key <= ? AND raw = 1 ORDER BY key LIMIT 1`
const BACK = `SELECT ${COLUMNS} FROM Cache WHERE key >= ? AND key <= ? AND raw = 1 ORDER BY key DESC LIMIT 1`

/**
 * Finds the ends of queues. A queue is a range of keys, in which other keys may lie: fractions, or strings such as
 * those of a queue with a longer prefix. The search jumps over them, however many there are.
 */
export class QueueEnds {
  readonly #front: Query<QueueRow>
  readonly #back: Query<QueueRow>

  constructor(connection: Connection) {
    this.#front = connection.query(FRONT)
    this.#back = connection.query(BACK)
  }

  /** Returns the item at an end, expired or not, or `undefined` when the queue is empty. */
  find(prefix: string | undefined, side: QueueSide): QueueRow | undefined {
    let { low, high } = range(prefix)
    for (;;) {
      const row = (side === 'front' ? this.#front : this.#back).get(low, high)
      if (row === undefined || isItem(row.key, prefix)) return row
      const beyond = skip(row.key, prefix, side)
      if (beyond === undefined) return undefined
      if (side === 'front') low = beyond
      else high = beyond
    }
  }

  /** Returns the key of a new item at an end, and throws `RangeError` when the range of keys is used up there. */
  nextKey(prefix: string | undefined, side: QueueSide): string | bigint {
    const last = this.find(prefix, side)?.key
    const number = last === undefined ? FIRST_KEY : itemNumber(last, prefix) + (side === 'back' ? 1n : -1n)
    const isLegal =
      prefix === undefined ? number >= MIN_KEY && number <= MAX_KEY : number >= 0n && number < 10n ** 15n
    if (!isLegal) throw new RangeError(`Cannot push to the ${side}: the keys of this queue end with ${last}`)
    return prefix === undefined ? number : itemKey(prefix, number)
  }
}

function range(prefix: string | undefined): { low: string | bigint; high: string | bigint } {
  if (prefix === undefined) return { low: MIN_KEY, high: MAX_KEY }
  return { low: itemKey(prefix, 0n), high: itemKey(prefix, 10n ** 15n - 1n) }
}

function itemKey(prefix: string, number: bigint): string {
  return `${prefix}-${number.toString().padStart(DIGITS, '0')}`
}

function itemNumber(key: string | bigint, prefix: string | undefined): bigint {
  return typeof key === 'bigint' ? key : BigInt(key.slice((prefix?.length ?? 0) + 1))
}

function isItem(key: unknown, prefix: string | undefined): boolean {
  if (prefix === undefined) return typeof key === 'bigint'
  return typeof key === 'string' && ITEM.test(key.slice(prefix.length + 1))
}

/** Returns the nearest key beyond `key` that could be an item, or `undefined` when there can be none. */
function skip(key: unknown, prefix: string | undefined, side: QueueSide): string | bigint | undefined {
  if (prefix === undefined)
    return BigInt(side === 'front' ? Math.ceil(key as number) : Math.floor(key as number))
  const suffix = (key as string).slice(prefix.length + 1)
  const digits = side === 'front' ? leastItemAfter(suffix) : greatestItemBefore(suffix)
  return digits === undefined ? undefined : `${prefix}-${digits}`
}

/** Returns the least string of 15 digits that sorts after `suffix`, which is none itself. */
function leastItemAfter(suffix: string): string | undefined {
  const head = /^[0-9]{0,15}/.exec(suffix)?.[0] ?? ''
  const next = suffix[head.length]
  // All of its head's items sort after it when it goes on with less than a digit, or ends.
  if (head.length < DIGITS && (next === undefined || next < '0')) return head.padEnd(DIGITS, '0')
  const successor = head === '' ? undefined : BigInt(head) + 1n
  if (successor === undefined || successor >= 10n ** BigInt(head.length)) return undefined
  return successor.toString().padStart(head.length, '0').padEnd(DIGITS, '0')
}

/** Returns the greatest string of 15 digits that sorts before `suffix`, which is none itself. */
function greatestItemBefore(suffix: string): string | undefined {
  const head = /^[0-9]{0,15}/.exec(suffix)?.[0] ?? ''
  if (head.length === DIGITS) return head
  const next = suffix[head.length]
  // All of its head's items sort before it when it goes on with more than a digit.
  if (next !== undefined && next > '9') return head.padEnd(DIGITS, '9')
  const predecessor = head === '' ? -1n : BigInt(head) - 1n
  if (predecessor < 0n) return undefined
  return predecessor.toString().padStart(head.length, '0').padEnd(DIGITS, '9')
}
