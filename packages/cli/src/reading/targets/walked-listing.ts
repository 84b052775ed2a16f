import {
  type AsyncStore,
  BestEntries,
  comparePlaces,
  Disk,
  type Entry,
  groupOf,
  hasTag,
  type Key,
  type ListedEntry,
  type ListPlace,
  type ListQuery,
  type ListStep,
  Mode,
  type RawValue,
  type StoreFacts,
  type StoreListing,
  type SurveyStep,
  stepOf,
  tagsToColumns,
  tagToColumn,
  type ValueKind,
} from '@diskcache/core'
import { RareAnswer } from './rare-answer.ts'

/** The number of entries that are read at a time. */
const ENTRIES_PER_STEP = 200

/** The bytes of the names of modes, by which a value has its kind. */
const KINDS: Readonly<Record<number, ValueKind>> = {
  [Mode.binary]: 'bytes',
  [Mode.text]: 'text',
  [Mode.msgpack]: 'structured',
  [Mode.stream]: 'stream',
}

/**
 * What a store tells of its entries that has no listing of its own, such as Redis: all of them are read, a few at a time.
 * Each of these reads is one for the store.
 */
export class WalkedListing implements StoreListing {
  readonly #store: AsyncStore
  readonly #disk = new Disk({ classes: 'plain' })

  /** The number of entries; to count them is a walk over all, too. */
  readonly count: RareAnswer<number>
  /** The bytes that the store fills. */
  readonly volume: RareAnswer<number>

  constructor(store: AsyncStore) {
    this.#store = store
    this.count = new RareAnswer(() => store.count())
    this.volume = new RareAnswer(() => store.volume())
  }

  async *list(query: ListQuery): AsyncGenerator<ListStep, void, void> {
    const total = await this.count.get()
    const best = new BestEntries(query)
    let scanned = 0
    for await (const entries of this.#entries()) {
      const placed = entries.map((entry) => inOrder(entry, query))
      best.add(placed.filter((entry) => isMeant(entry, query)))
      scanned += entries.length
      yield stepOf(best, { scanned, total: Math.max(total, scanned), isDone: false })
    }
    yield stepOf(best, { scanned, total: scanned, isDone: true })
  }

  async *survey(): AsyncGenerator<SurveyStep, void, void> {
    const total = await this.count.get()
    let scanned = 0
    for await (const entries of this.#entries()) {
      scanned += entries.length
      const now = Date.now()
      const groups = entries.map((entry) => groupOf(entry, now))
      yield { groups, scanned, total: Math.max(total, scanned), isDone: false }
    }
    yield { groups: [], scanned, total: scanned, isDone: true }
  }

  /** Resolves to the entry of a key. To look for it among all of them would take as long as there are many. */
  async find(key: Key): Promise<ListedEntry | undefined> {
    return (await this.#read([key], 0))[0]
  }

  async raw(key: Key): Promise<RawValue | undefined> {
    const entry = await this.#store.getEntry(key)
    if (entry === undefined) return undefined
    const { mode, data } = this.#disk.encodeValue(entry.value)
    return { mode, data, filename: undefined, read: () => entry.value }
  }

  async facts(): Promise<StoreFacts> {
    return {
      ...{ settings: {}, format: 0, codec: '', parts: 1, isPythons: false },
      ...{ entries: await this.count.get(), databaseBytes: 0, logBytes: 0, fileBytes: 0 },
    }
  }

  /** Gives all entries, as many at a time as one step reads. */
  async *#entries(): AsyncGenerator<ListedEntry[]> {
    let keys: Key[] = []
    let row = 0
    for await (const key of this.#store.keys()) {
      keys.push(key)
      if (keys.length < ENTRIES_PER_STEP) continue
      yield await this.#read(keys, row)
      row += keys.length
      keys = []
    }
    if (keys.length > 0) yield await this.#read(keys, row)
  }

  async #read(keys: readonly Key[], row: number): Promise<ListedEntry[]> {
    const entries = await this.#store.getEntries(keys)
    return keys.flatMap((key, index) => {
      const entry = entries[index]
      return entry === undefined ? [] : [this.#entry(key, entry, BigInt(row + index))]
    })
  }

  #entry(key: Key, { value, expireTime, tags }: Entry<unknown>, row: bigint): ListedEntry {
    const { mode, data } = this.#disk.encodeValue(value)
    const encodedKey = this.#disk.encodeKey(key)
    return {
      ...{ key, encodedKey, expireTime, tags, isInFile: false, isDamaged: false },
      place: { by: row, form: 0, part: 0, row },
      kind: KINDS[mode] ?? kindOf(value),
      bytes: data === null ? 0 : Buffer.isBuffer(data) ? data.length : Buffer.byteLength(String(data)),
      ...{ storeTime: undefined, accessTime: undefined, hits: undefined, pin: undefined },
    }
  }
}

function kindOf(value: unknown): ValueKind {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'text'
  return typeof value === 'object' ? 'bytes' : 'number'
}

/** Returns an entry with its place in the order that is asked for. */
function inOrder(entry: ListedEntry, { order = 'insertion' }: ListQuery): ListedEntry {
  const { encodedKey, bytes, expireTime, place } = entry
  const places: Partial<Record<typeof order, Partial<ListPlace>>> = {
    key: { by: encodedKey.key, form: encodedKey.form },
    size: { by: BigInt(bytes) },
    expiry: { by: expireTime ?? Infinity },
  }
  return { ...entry, place: { ...place, ...places[order] } }
}

function isMeant(
  entry: ListedEntry,
  { prefix, text, tag, kind, expired, after, reverse }: ListQuery,
): boolean {
  const { key, tags } = entry
  if (prefix && !(typeof key === 'string' && key.startsWith(prefix))) return false
  if (text && !searched(key).includes(text.toLowerCase())) return false
  if (tag !== undefined && !hasTag(tagsToColumns(tags), tagToColumn(tag))) return false
  if (kind !== undefined && entry.kind !== kind) return false
  if (expired === true) return false
  if (after === undefined) return true
  const sign = reverse ? -1 : 1
  return sign * comparePlaces(entry.place, after) > 0
}

function searched(key: Key | undefined): string {
  if (key instanceof Uint8Array) return Buffer.from(key).toString('hex')
  return (typeof key === 'object' ? JSON.stringify(key, plain) : String(key)).toLowerCase()
}

function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
