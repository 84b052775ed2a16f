import type { Column, EncodedKey, Mode } from '../../codec/columns.ts'
import { NO_TAGS, type TagColumns } from '../../codec/tags/tag-columns.ts'
import type { Pin } from '../../contract/entry.ts'
import type { RowSums } from '../checksums/row-sums.ts'
import type { Connection } from '../connection/connection.ts'
import type { Parameter, Query } from '../connection/query.ts'
import { MAIN_QUEUE, MOST_USES, ONE_USE_MORE } from './entry-uses.ts'

/** A row as a reader needs it. Integers come from SQLite as bigints, times as seconds. */
export interface EntryRow {
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The form of the value, a number of `Mode`. */
  readonly mode: bigint
  /** The encoded value; of one in a file the metadata, or `null` when there are none. */
  readonly value: Column
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
  /** The length of the file, in bytes. */
  readonly size: bigint
  /** The moment at which the entry expires, in seconds since the epoch, or `null` for never. */
  readonly expireTime: number | null
  /** The first tag, or `null` for none. */
  readonly tag: Column
  /** The other tags, as JSON, or `null` for none. */
  readonly moreTags: string | null
  /** When the entry was stored, in seconds since the epoch. */
  readonly storeTime: number
  /** How often the entry was used, as the policy of eviction counts it. */
  readonly accessCount: bigint
  /** The checksum that was stored with the entry, or `null` when somebody else wrote the row. */
  readonly sum: number | null
}

/** The columns of an {@link EntryRow}, without that of the value. */
export const ENTRY_COLUMNS =
  'mode, filename, size, expire_time AS expireTime, tag, node_tags AS moreTags, ' +
  'store_time AS storeTime, access_count AS accessCount, node_sum AS sum'

/** A row as its replacement or removal needs it. */
export interface LocatedRow {
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
  /** The moment at which the entry expires, in seconds since the epoch, or `null` for never. */
  readonly expireTime: number | null
}

/** The key of a row as it stands there. */
export interface KeyRow {
  /** The content of the column `key`. */
  readonly key: Column
  /** The form of the key, a number of `KeyForm`. */
  readonly raw: bigint
  /** The checksum that was stored with the entry, or `null` when somebody else wrote the row. */
  readonly sum: number | null
}

/** A stored value: a value as it stands in a row, inline or in a file. */
export interface StoredValue {
  /** The form of the value. */
  readonly mode: Mode
  /** The content of the column `value`: of a value in a file its metadata, or `null` when there are none. */
  readonly inline: Column
  /** The name of the file, `null` for an inline value. */
  readonly filename: string | null
  /** The length of the file, in bytes; 0 for an inline value. */
  readonly size: number
  /** The checksum of the file, `null` for an inline value and where checksums are off. */
  readonly fileSum: number | null
}

/** The options of a write as columns. Times are in seconds. */
export interface RowOptions extends TagColumns {
  /** The moment at which the entry expires, in seconds since the epoch, or `null` for never. */
  readonly expireTime: number | null
  /** Whether the entry is kept from being evicted. */
  readonly pin: Pin
}

const FIND = `
  SELECT rowid, value, ${ENTRY_COLUMNS} FROM Cache WHERE key = ? AND raw = ?`

/**
 * The number of keys that one statement looks for. More make it little cheaper: each one's part is 0.8 µs with 10,
 * 0.55 with 32.
 */
export const KEYS_PER_STATEMENT = 32

/** As many keys, and the values that stand beside them. */
const WANTED_KEYS = `(VALUES ${Array(KEYS_PER_STATEMENT).fill('(?, ?)').join(', ')}) AS wanted`
const WANTED_VALUES = `(VALUES ${Array(KEYS_PER_STATEMENT).fill('(?, ?, ?, ?, ?)').join(', ')}) AS wanted`

/** Finds a row for each key, in their order, with all columns `NULL` where there is none. */
const FIND_BATCH = `
  SELECT Cache.rowid, value, ${ENTRY_COLUMNS}
  FROM ${WANTED_KEYS}
  LEFT JOIN Cache ON key = wanted.column1 AND raw = wanted.column2`

const LOCATE = 'SELECT rowid, filename, expire_time AS expireTime FROM Cache WHERE key = ? AND raw = ?'

const PIN = 'SELECT node_pin AS pin FROM Cache WHERE rowid = ?'

const KEY = 'SELECT key, raw, node_sum AS sum FROM Cache WHERE rowid = ?'

const EXPIRE_TIME = 'SELECT expire_time AS expireTime FROM Cache WHERE key = ? AND raw = ?'

/**
 * A number above that of every row that has been there. Where the setting is damaged, `NULL`: SQLite then takes the
 * one after the newest row that is there.
 */
const NEXT_ROWID = `
  (SELECT MAX(value, COALESCE((SELECT MAX(rowid) FROM Cache), 0)) + 1 FROM Settings
  WHERE key = 'node_newest' AND typeof(value) = 'integer' AND value BETWEEN 0 AND 0x3FFFFFFFFFFFFFFF)`

const INSERT = `
  INSERT INTO Cache (
    rowid, store_time, access_time, access_count, expire_time, tag, node_tags, node_pin, node_sum, mode, value, filename, size, key, raw)
  VALUES (${NEXT_ROWID}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Another number than the one that stands there, since the trigger takes an equal one for somebody else's write. */
const SET_SUM = 'node_sum = ? + (node_sum IS ?)'

/** One use more, for the policy `s3-fifo`, or, as in Python, none. */
const SET_USES = `access_count = ? * (${ONE_USE_MORE})`

const REPLACE = `
  UPDATE Cache SET store_time = ?, access_time = ?, ${SET_USES}, expire_time = ?, tag = ?, node_tags = ?, node_pin = ?,
    ${SET_SUM}, mode = ?, value = ?, filename = ?, size = ?
  WHERE rowid = ?`

const REPLACE_INLINE = `
  UPDATE Cache SET store_time = ?, access_time = ?, ${SET_USES}, expire_time = ?, tag = ?, node_tags = ?, node_pin = ?,
    ${SET_SUM}, mode = ?, value = ?
  WHERE key = ? AND raw = ? AND filename IS NULL`

/** A row that has nothing but a value in itself. */
const IS_PLAIN = 'filename IS NULL AND expire_time IS NULL AND tag IS NULL AND node_pin IS NULL'

/** Replaces the values of plain rows by others, in a third of the time that each takes alone. */
const REPLACE_BATCH = `
  UPDATE Cache SET store_time = ?, access_time = ?, ${SET_USES},
    node_sum = column3 + (node_sum IS column3), mode = column4, value = column5
  FROM ${WANTED_VALUES}
  WHERE key = column1 AND raw = column2 AND ${IS_PLAIN}`

/** Finds out for each key, in their order, whether it has a plain row. */
const PLAIN_BATCH = `
  SELECT Cache.rowid FROM ${WANTED_KEYS}
  LEFT JOIN Cache ON key = wanted.column1 AND raw = wanted.column2 AND ${IS_PLAIN}`

const SET_VALUE = `
  UPDATE Cache SET store_time = ?, ${SET_SUM}, mode = ?, value = ?, filename = NULL, size = 0 WHERE rowid = ?`

const SET_VALUE_AS_USE = SET_VALUE.replace('SET ', `SET access_count = ${ONE_USE_MORE}, `)

const SET_SUM_EXACTLY = `
  UPDATE Cache SET node_sum = ?
  WHERE rowid = ? AND node_sum IS ? AND store_time = ? AND mode = ? AND filename IS ? AND value IS ?`

const SET_EXPIRE_TIME = 'UPDATE Cache SET expire_time = ? WHERE rowid = ?'

/** Of the checksum, only the part of the key changes, which stands above the last 33 bits. */
const SET_KEY = `
  UPDATE Cache SET key = ?, raw = ?,
    node_sum = CASE WHEN node_sum >= 0 THEN ? + (CAST(node_sum AS INTEGER) & 0x1FFFFFFFF) ELSE node_sum END
  WHERE rowid = ?`

const NOTE_READS = 'UPDATE Cache SET access_time = ?, access_count = access_count + ? WHERE rowid = ?'

const NOTE_USES = `
  UPDATE Cache SET access_count = (access_count & ${MAIN_QUEUE}) + MIN(${MOST_USES}, (access_count & ${MOST_USES}) + ?)
  WHERE rowid = ?`

const DELETE = 'DELETE FROM Cache WHERE rowid = ?'

const DELETE_EXACTLY = 'DELETE FROM Cache WHERE rowid = ? AND mode = ? AND filename IS ? AND value IS ?'

const UNSUMMED = 'SELECT rowid FROM Cache WHERE node_sum IS NULL OR node_sum < 0 LIMIT 1'

const NEWEST = 'SELECT MAX(rowid) AS rowid FROM Cache'

/** An entry without options whose value is in its row. */
export interface PlainEntry {
  /** The encoded key. */
  readonly key: EncodedKey
  /** The value, which is in no file. */
  readonly prepared: StoredValue
}

/** Stands for no entry where a statement takes more than there are. */
const NO_KEY = { key: null, form: 0 }

/** Single rows of the table Cache, found by key or by rowid. */
export class EntryTable {
  readonly #find: Query<EntryRow>
  readonly #findBatch: Query<EntryRow | { rowid: null }>
  readonly #locate: Query<LocatedRow>
  readonly #pin: Query<{ pin: bigint | null }>
  readonly #key: Query<KeyRow>
  readonly #expireTime: Query<{ expireTime: number | null }>
  readonly #insert: Query
  readonly #replace: Query
  readonly #replaceInline: Query
  readonly #replaceBatch: Query
  readonly #plainBatch: Query<{ rowid: bigint | null }>
  readonly #setValue: Query
  readonly #setSum: Query
  readonly #setExpireTime: Query
  readonly #setKey: Query
  readonly #setValueAsUse: Query
  readonly #noteReads: Query
  readonly #noteUses: Query
  readonly #delete: Query
  readonly #deleteExactly: Query
  readonly #unsummed: Query
  readonly #newest: Query<{ rowid: bigint | null }>
  readonly #sums: RowSums

  /** Whether a write is a use of its entry, as for the policy `s3-fifo`; otherwise it sets the number of uses to 0. */
  countsWrites = false

  constructor(connection: Connection, sums: RowSums) {
    this.#sums = sums
    this.#find = connection.query(FIND)
    this.#findBatch = connection.query(FIND_BATCH)
    this.#locate = connection.query(LOCATE)
    this.#pin = connection.query(PIN)
    this.#key = connection.query(KEY)
    this.#expireTime = connection.query(EXPIRE_TIME)
    this.#insert = connection.query(INSERT)
    this.#replace = connection.query(REPLACE)
    this.#replaceInline = connection.query(REPLACE_INLINE)
    this.#replaceBatch = connection.query(REPLACE_BATCH)
    this.#plainBatch = connection.query(PLAIN_BATCH)
    this.#setValue = connection.query(SET_VALUE)
    this.#setSum = connection.query(SET_SUM_EXACTLY)
    this.#setExpireTime = connection.query(SET_EXPIRE_TIME)
    this.#setKey = connection.query(SET_KEY)
    this.#setValueAsUse = connection.query(SET_VALUE_AS_USE)
    this.#noteReads = connection.query(NOTE_READS)
    this.#noteUses = connection.query(NOTE_USES)
    this.#delete = connection.query(DELETE)
    this.#deleteExactly = connection.query(DELETE_EXACTLY)
    this.#unsummed = connection.query(UNSUMMED)
    this.#newest = connection.query(NEWEST)
  }

  /** Returns the row of a key, or `undefined` when there is none. */
  find({ key, form }: EncodedKey): EntryRow | undefined {
    return this.#find.get(key, form)
  }

  /** Returns a row, or `undefined`, for each key. Call it within a snapshot: it takes several statements. */
  findMany(keys: readonly EncodedKey[]): (EntryRow | undefined)[] {
    const rows: (EntryRow | undefined)[] = []
    const inBatches = keys.length - (keys.length % KEYS_PER_STATEMENT)
    for (let start = 0; start < inBatches; start += KEYS_PER_STATEMENT) {
      rows.push(...this.#findAll(keys.slice(start, start + KEYS_PER_STATEMENT)))
    }
    for (const key of keys.slice(inBatches)) rows.push(this.find(key))
    return rows
  }

  #findAll(keys: readonly EncodedKey[]): (EntryRow | undefined)[] {
    const rows = this.#findBatch.all(...keys.flatMap(({ key, form }) => [key, form]))
    // In a damaged index a key may stand twice, and push the rows of others out of their places.
    if (rows.length !== keys.length) return keys.map((key) => this.find(key))
    return rows.map((row) => (row.rowid === null ? undefined : row))
  }

  /** Returns what is needed to replace or remove the row of a key, or `undefined` when there is none. */
  locate({ key, form }: EncodedKey): LocatedRow | undefined {
    return this.#locate.get(key, form)
  }

  /**
   * Returns when the row of a key expires, in seconds since the epoch, `null` for never, `undefined` when there is no
   * row.
   */
  expireTime({ key, form }: EncodedKey): number | null | undefined {
    return this.#expireTime.get(key, form)?.expireTime
  }

  /** Returns whether the row is kept from being evicted. */
  pin(rowid: bigint): Pin {
    const pin = this.#pin.get(rowid)?.pin ?? null
    return pin === 0n ? 'share' : pin !== null
  }

  /** Returns the key of a row as it stands there, or `undefined` when there is no such row. */
  key(rowid: bigint): KeyRow | undefined {
    return this.#key.get(rowid)
  }

  /**
   * Inserts a row, whose number of uses is `accessCount`. `now` is in seconds, as everywhere in this table.
   */
  insert(key: EncodedKey, stored: StoredValue, options: RowOptions, now: number, accessCount = 0): void {
    const { expireTime, tag, moreTags, pin } = options
    const { mode, inline, filename, size } = stored
    const sum = this.#sums.of(key, stored, options, now)
    const columns = [now, now, accessCount, expireTime, tag, moreTags, pinColumn(pin), sum] as const
    this.#insert.run(...columns, mode, inline, filename, size, key.key, key.form)
  }

  /** Replaces value and options of a row, which keeps its place in the order of insertion. */
  replace(rowid: bigint, key: EncodedKey, stored: StoredValue, options: RowOptions, now: number): void {
    const { mode, inline, filename, size } = stored
    const columns = this.#replacement(key, stored, options, now)
    this.#replace.run(...columns, mode, inline, filename, size, rowid)
  }

  /**
   * Replaces an inline value by another, without looking for the row first, and returns whether there was such a row.
   */
  replaceInline(key: EncodedKey, stored: StoredValue, options: RowOptions, now: number): boolean {
    const { mode, inline } = stored
    const columns = this.#replacement(key, stored, options, now)
    return this.#replaceInline.run(...columns, mode, inline, key.key, key.form) === 1
  }

  /** Returns what a replaced row gets in the columns before that of its mode. */
  #replacement(key: EncodedKey, stored: StoredValue, options: RowOptions, now: number): Parameter[] {
    const { expireTime, tag, moreTags, pin } = options
    const sum = this.#sums.of(key, stored, options, now)
    return [now, now, +this.countsWrites, expireTime, tag, moreTags, pinColumn(pin), sum, sum]
  }

  /**
   * Replaces the values of plain entries by others, of at most {@link KEYS_PER_STATEMENT}, and returns for each whether
   * that is done. It is not where there was no such entry, and where its key stood before.
   */
  replacePlain(entries: readonly PlainEntry[], now: number): boolean[] {
    const parameters: Parameter[] = [now, now, +this.countsWrites]
    for (const { key, prepared } of entries) {
      const { mode, inline } = prepared
      parameters.push(key.key, key.form, this.#sums.of(key, prepared, NO_TAGS, now), mode, inline)
    }
    for (let i = entries.length; i < KEYS_PER_STATEMENT; i++) parameters.push(null, 0, null, null, null)
    const isAll = this.#replaceBatch.run(...parameters) === entries.length
    return isAll ? entries.map(() => true) : this.#arePlain(entries.map(({ key }) => key))
  }

  /** Returns for each key whether it has a plain row, and did not stand before. */
  #arePlain(keys: readonly EncodedKey[]): boolean[] {
    const padding = Array<typeof NO_KEY>(KEYS_PER_STATEMENT - keys.length).fill(NO_KEY)
    const rows = this.#plainBatch.all(...[...keys, ...padding].flatMap(({ key, form }) => [key, form]))
    // In a damaged index a key may stand twice, and push the rows of others out of their places.
    if (rows.length !== KEYS_PER_STATEMENT) return keys.map(() => false)
    const seen = new Set<bigint>()
    return keys.map((_, i) => {
      const rowid = rows[i]?.rowid ?? null
      const isFirst = rowid !== null && !seen.has(rowid)
      if (isFirst) seen.add(rowid)
      return isFirst
    })
  }

  /** Replaces an inline value and keeps everything else. */
  setValue(row: EntryRow, key: EncodedKey, mode: Mode, inline: Column, now: number): void {
    const sum = this.#sums.of(key, { mode, inline, filename: null, fileSum: null }, row, now)
    const setValue = this.countsWrites ? this.#setValueAsUse : this.#setValue
    setValue.run(now, sum, sum, mode, inline, row.rowid)
  }

  /** Gives a row another key, which no other row has. */
  setKey(rowid: bigint, { key, form }: EncodedKey): void {
    this.#setKey.run(key, form, this.#sums.ofKey({ key, form }), rowid)
  }

  /** Gives a row a checksum, only if it still is what was read. */
  setSum(row: EntryRow, sum: number): void {
    this.#setSum.run(sum, row.rowid, row.sum, row.storeTime, row.mode, row.filename, row.value)
  }

  /** Returns whether every row has a checksum. O(n) */
  haveSums(): boolean {
    return this.#unsummed.get() === undefined
  }

  /** Gives a row another expiry, in seconds since the epoch, or `null` for none. */
  setExpireTime(rowid: bigint, expireTime: number | null): void {
    this.#setExpireTime.run(expireTime, rowid)
  }

  /** Notes `count` reads of a row, the last of them at `accessTime`. */
  noteReads(rowid: bigint, accessTime: number, count: number): void {
    this.#noteReads.run(accessTime, count, rowid)
  }

  /** Notes `count` uses of a row for the policy `s3-fifo`. */
  noteUses(rowid: bigint, count: number): void {
    this.#noteUses.run(count, rowid)
  }

  /** Deletes a row, and leaves its file. */
  delete(rowid: bigint): void {
    this.#delete.run(rowid)
  }

  /** Deletes the row only if it still is what was read, and returns whether it was. */
  deleteExactly({ rowid, mode, filename, value }: EntryRow): boolean {
    return this.#deleteExactly.run(rowid, mode, filename, value) === 1
  }

  /** Returns the largest rowid, 0 in an empty table. */
  newestRowid(): bigint {
    return this.#newest.get()?.rowid ?? 0n
  }
}

function pinColumn(pin: Pin): number | null {
  if (pin === false) return null
  return pin === 'share' ? 0 : 1
}
