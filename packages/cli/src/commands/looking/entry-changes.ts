import { Disk, type Key, keyFromText, type ListedEntry, type ListPlace } from '@diskcache/core'
import { idOfKey, shownKey } from '../../reading/key-id.ts'
import type { Target } from '../../reading/targets/target.ts'
import { Column } from './growing-column.ts'

const ENTRIES_PER_PAGE = 5_000

const DISK = new Disk()

/**
 * What has become of an entry:
 *
 * - `set`: it is new, or has another value.
 * - `touch`: it expires at another moment.
 * - `expire`: its time is up.
 * - `delete`: it was removed before that, by whichever operation, or evicted.
 */
export type ChangeKind = 'set' | 'touch' | 'expire' | 'delete'

/** What was seen to change. */
export interface EntryChange {
  /** When it was seen, in epoch milliseconds. */
  readonly time: number
  readonly change: ChangeKind
  /** The key as text that can be turned back into it. */
  readonly id: string
  /** The key as it is shown. */
  readonly key: string
  /** The bytes of its value, as it is stored or was. */
  readonly bytes: number
  /** When it expires, in epoch milliseconds, or `null` for never. */
  readonly expireTime: number | null
}

/**
 * Compares the entries of a store with those that it had at the last look. Of each entry it keeps its id and four numbers.
 */
export class EntryChanges {
  readonly #target: Target
  readonly #prefix: string | undefined
  /** Where the numbers of an entry stand, by its id. */
  readonly #places = new Map<string, number>()
  /** Places that are free. */
  readonly #free: number[] = []
  readonly #bytes = new Column()
  /** `NaN` where the store does not know. */
  readonly #storeTimes = new Column()
  /** `Infinity` for never, and `-Infinity` for what was told to have expired. */
  readonly #expireTimes = new Column()
  /** The number of the look that found an entry last. */
  readonly #looks = new Column()
  #look = 0
  #nextExpiry = Number.POSITIVE_INFINITY

  /** Looks at the entries whose key begins with `prefix`, if that is given. */
  constructor(target: Target, prefix: string | undefined) {
    this.#target = target
    this.#prefix = prefix
  }

  /** The number of entries at the last look. */
  get size(): number {
    return this.#places.size
  }

  /** Looks at all entries, and gives what has changed since the last look; everything the first time. */
  async *look(signal: AbortSignal): AsyncGenerator<EntryChange, void, void> {
    this.#look++
    for await (const page of this.#pages(signal)) {
      const time = Date.now()
      for (const entry of page) {
        const id = idOfKey(entry.encodedKey)
        const change = this.#compare(id, entry)
        if (change === undefined) continue
        const { key, encodedKey, bytes, expireTime } = entry
        yield { time, change, id, key: shownKey(key, encodedKey), bytes, expireTime }
      }
    }
    yield* this.#gone()
  }

  /** Gives the entries whose time is up since the last call, which needs no look at the store. */
  *expired(time: number): Generator<EntryChange, void, void> {
    if (time < this.#nextExpiry) return
    this.#nextExpiry = Number.POSITIVE_INFINITY
    for (const [id, place] of this.#places) {
      const expireTime = this.#expireTimes.at(place)
      if (expireTime > time) this.#nextExpiry = Math.min(this.#nextExpiry, expireTime)
      else if (expireTime !== Number.NEGATIVE_INFINITY) {
        const change = this.#told(time, 'expire', id, place)
        this.#expireTimes.set(place, Number.NEGATIVE_INFINITY)
        yield change
      }
    }
  }

  /** Notes an entry as it is now, and returns what has become of it since the last look. */
  #compare(id: string, entry: ListedEntry): ChangeKind | undefined {
    const { bytes, storeTime = Number.NaN } = entry
    const expireTime = entry.expireTime ?? Number.POSITIVE_INFINITY
    const known = this.#places.get(id)
    const place = known ?? this.#free.pop() ?? this.#places.size
    const isSame = Object.is(this.#storeTimes.at(place), storeTime) && this.#bytes.at(place) === bytes
    const before = this.#expireTimes.at(place)
    const hasExpired = before === Number.NEGATIVE_INFINITY && expireTime <= Date.now()
    this.#looks.set(place, this.#look)
    if (known !== undefined && isSame && (before === expireTime || hasExpired)) return undefined
    this.#places.set(id, place)
    this.#bytes.set(place, bytes)
    this.#storeTimes.set(place, storeTime)
    this.#expireTimes.set(place, expireTime)
    this.#nextExpiry = Math.min(this.#nextExpiry, expireTime)
    // A store that does not tell when it stored an entry may have stored another one.
    return known !== undefined && isSame && !Number.isNaN(storeTime) ? 'touch' : 'set'
  }

  *#gone(): Generator<EntryChange, void, void> {
    const time = Date.now()
    for (const [id, place] of this.#places) {
      if (this.#looks.at(place) === this.#look) continue
      this.#places.delete(id)
      this.#free.push(place)
      const expireTime = this.#expireTimes.at(place)
      if (expireTime === Number.NEGATIVE_INFINITY) continue
      yield this.#told(time, expireTime <= time ? 'expire' : 'delete', id, place)
    }
  }

  #told(time: number, change: ChangeKind, id: string, place: number): EntryChange {
    const expireTime = this.#expireTimes.at(place)
    const bytes = this.#bytes.at(place)
    const isForEver = expireTime === Number.POSITIVE_INFINITY
    return { time, change, id, key: shownKeyOf(id), bytes, expireTime: isForEver ? null : expireTime }
  }

  /** Gives all entries, a page at a time. */
  async *#pages(signal: AbortSignal): AsyncGenerator<readonly ListedEntry[], void, void> {
    const { listing, kind } = this.#target
    // A store that is walked through has no pages.
    const limit = kind === 'redis' ? Number.MAX_SAFE_INTEGER : ENTRIES_PER_PAGE
    // With a prefix, the order of keys has its entries beside each other.
    const order = this.#prefix === undefined ? 'insertion' : 'key'
    for (let after: ListPlace | undefined; ; ) {
      let entries: readonly ListedEntry[] = []
      for await (const step of listing.list({ prefix: this.#prefix, order, limit, after })) {
        signal.throwIfAborted()
        entries = step.entries
      }
      yield entries
      if (entries.length < limit) return
      after = entries.at(-1)?.place
    }
  }
}

/** Returns a key as it is shown, by its id. */
function shownKeyOf(id: string): string {
  const encodedKey = keyFromText(id)
  let key: Key | undefined
  try {
    key = DISK.decodeKey(encodedKey)
  } catch {
    // It is damaged, or encrypted.
  }
  return shownKey(key, encodedKey)
}
