import type { Column, EncodedKey } from '../../codec/columns.ts'
import type { Key, Pin, Tag } from '../entry.ts'

/** The name under which a store has its {@link StoreListing}, the same in all copies of this package. */
export const STORE_LISTING: unique symbol = Symbol.for('diskcache.storeListing')

/**
 * What a store tells of its entries to those who look into it, the command line and the inspector. Nothing of it counts as
 * a read, and nothing is written.
 */
export interface StoreListing {
  /**
   * Looks for entries, a slice of the event loop at a time. Each step gives the best `limit` entries that were found so
   * far, in the order that was asked for; the last one has `isDone`. Expired entries that are not removed yet are among
   * them.
   */
  list(query: ListQuery): AsyncGenerator<ListStep, void, void>
  /** Counts all entries by what they are, a slice of the event loop at a time; the last step has `isDone`. */
  survey(): AsyncGenerator<SurveyStep, void, void>
  /**
   * Resolves to an entry, in a store whose entries do not have the places of their keys in the order of keys; in others it
   * is the first after the place right before its key.
   */
  find?(key: Key): Promise<ListedEntry | undefined>
  /** Resolves to the value of a key as it is stored, damaged, expired or not, or to `undefined` when there is none. */
  raw(key: Key): Promise<RawValue | undefined>
  /** Resolves to what is known of the whole store. */
  facts(): Promise<StoreFacts>
}

/** An order of entries: by their insertion, their key, bytes, times, or hits. Without `reverse` the smallest come first. */
export type ListOrder = 'insertion' | 'key' | 'size' | 'stored' | 'read' | 'expiry' | 'hits'

/** What a value is, as far as that is known without reading it. */
export type ValueKind = (typeof VALUE_KINDS)[number]

/** All kinds of values. */
export const VALUE_KINDS = [
  'text',
  'number',
  'bytes',
  'null',
  'structured',
  'stream',
  'pickle',
  'unknown',
] as const

/** Which entries are looked for. */
export interface ListQuery {
  /** Only entries whose key is a string that begins so. */
  readonly prefix?: string | undefined
  /** Only entries whose key contains this text, upper or lower case of `A` to `Z`; bytes are searched as they are, and as hexadecimal digits. */
  readonly text?: string | undefined
  /** The characters at the beginning of a key that are not searched for the text, such as the name of a namespace. */
  readonly textAfter?: number | undefined
  /** Only entries with this tag. */
  readonly tag?: Tag | undefined
  /** Only entries whose value is of this kind. */
  readonly kind?: ValueKind | undefined
  /** Only entries that have expired and are not removed yet (`true`), or only the others (`false`). */
  readonly expired?: boolean | undefined
  /** The order; `'insertion'` unless given. */
  readonly order?: ListOrder | undefined
  /** Whether the order is turned round. */
  readonly reverse?: boolean | undefined
  /** Only entries of this part of the store, such as a shard; of all parts unless given. */
  readonly part?: number | undefined
  /** The most entries that are given. */
  readonly limit: number
  /** Only entries after the one with this place, in the order: the next page. */
  readonly after?: ListPlace | undefined
}

/** The place of an entry in an order: what it is sorted by, and what tells it from others that are equal there. */
export interface ListPlace {
  /** What the order compares; of a key, its column. */
  readonly by: Column
  /** The form of a key, 0 in other orders. */
  readonly form: number
  /** The number of the part of the store, such as its shard. */
  readonly part: number
  /** The number of the entry in its part, in the order of insertion. */
  readonly row: bigint
}

/** What is known of an entry without its value. */
export interface ListedEntry {
  /** The key, or `undefined` when it cannot be decoded. */
  readonly key: Key | undefined
  /** The key as it is stored. */
  readonly encodedKey: EncodedKey
  /** The place of the entry in the order that was asked for. */
  readonly place: ListPlace
  /** What the value is. */
  readonly kind: ValueKind
  /** The bytes of the value as it is stored. */
  readonly bytes: number
  /** Whether the value is in a file of its own. */
  readonly isInFile: boolean
  /** When the entry was stored, in epoch milliseconds, or `undefined` where the store does not know. */
  readonly storeTime: number | undefined
  /** When the entry was read last, in epoch milliseconds, as far as the policy of eviction notes that. */
  readonly accessTime: number | undefined
  /** The moment at which the entry expires, in epoch milliseconds, or `null` for never. */
  readonly expireTime: number | null
  /** How often the entry was read, as far as the policy of eviction counts it. */
  readonly hits: number | undefined
  /** The labels of the entry. */
  readonly tags: readonly Tag[]
  /** How the entry is kept from being evicted, or `undefined` where the store does not say. */
  readonly pin: Pin | undefined
  /** Whether the key, the tags or the expiry are not what was stored. Of the value, only reading it tells. */
  readonly isDamaged: boolean
}

/** What was found so far. */
export interface ListStep {
  /** The best entries, at most as many as the limit. */
  readonly entries: readonly ListedEntry[]
  /** The number of entries that were looked at, about. */
  readonly scanned: number
  /** The number of entries of the store, about. */
  readonly total: number
  /** Whether all were looked at, or no other can be better. */
  readonly isDone: boolean
}

/** What entries have in common that are counted together. */
export interface SurveyGroup {
  /** The labels. */
  readonly tags: readonly Tag[]
  /** What stands before the first colon of the key, if it is a string that has one; the namespace. */
  readonly namespace: string | undefined
  /** The prefix of the queue whose items they are, empty for the one without; `undefined` where the key is that of no item. */
  readonly queue: string | undefined
  /** What their values are. */
  readonly kind: ValueKind
  /** The power of two of their bytes, rounded down; -1 for none. */
  readonly sizeClass: number
  /** The hours since they were stored, rounded down: up to a day exact, then whole days. */
  readonly ageHours: number
  /**
   * The minutes until they expire, rounded down: up to an hour exact, up to a day whole hours, then whole days; -1 when
   * they have expired, `null` for never.
   */
  readonly expiresInMinutes: number | null
  /** The number of entries. */
  readonly entries: number
  /** The bytes of their values. */
  readonly bytes: number
}

/** What was counted since the step before. */
export interface SurveyStep {
  /** The groups, in no order; the same group may come again in a later step. */
  readonly groups: readonly SurveyGroup[]
  /** The number of entries that were counted since the first step, about. */
  readonly scanned: number
  /** The number of entries of the store, about. */
  readonly total: number
  /** Whether all were counted. */
  readonly isDone: boolean
}

/** A value as it is stored. */
export interface RawValue {
  /** The form of the value, a number of `Mode`. */
  readonly mode: number
  /** The content of its column; of a file, its bytes, or `null` when the file is gone. */
  readonly data: Column
  /** The name of its file in the directory, or `undefined` when it is in the row. */
  readonly filename: string | undefined
  /**
   * Returns the value. Of a compressed one at most `mostBytes` are made; all that its codec allows unless given.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CORRUPT when it is not what was stored, ERR_DISKCACHE_FOREIGN_VALUE when Python
   * pickled it, ERR_DISKCACHE_FORMAT when it cannot be decoded here, ERR_DISKCACHE_TOO_LARGE for more bytes than that
   */
  read(mostBytes?: number): unknown
}

/** What is known of a whole store. */
export interface StoreFacts {
  /** The settings that are stored. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The version of the format: 100 × breaking version + additive version; 0 for a directory that Python made. */
  readonly format: number
  /** The name of the codec. */
  readonly codec: string
  /** The number of entries, expired ones included. */
  readonly entries: number
  /** The number of parts of the store, such as shards. */
  readonly parts: number
  /** The bytes of the database, of all parts. */
  readonly databaseBytes: number
  /** The bytes of the write-ahead log, of all parts. */
  readonly logBytes: number
  /** The bytes of value files, as the directory counts them. */
  readonly fileBytes: number
  /** Whether Python has opened the directory. */
  readonly isPythons: boolean
}
