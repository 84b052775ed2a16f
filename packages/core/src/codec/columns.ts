/** How a value stands in the database (format page, "Values"). The numbers are on disk: they may only be added to. */
export const Mode = {
  /** A string, number, bytes or null, in the `value` column. */
  raw: 1,
  /** Bytes in a file. */
  binary: 2,
  /** A string in a file, as UTF-8. */
  text: 3,
  /** A Python pickle. */
  pickle: 4,
  /** Anything else, as MessagePack, in the column or in a file. */
  msgpack: 5,
  /** Bytes in a file that were written as a stream, where `binary` belongs to a codec of its own. */
  stream: 6,
} as const

export type Mode = (typeof Mode)[keyof typeof Mode]

/** What the engine keeps in one column of type BLOB. */
export type Column = string | number | bigint | Buffer | null

/** How a key stands in the database, in the column `raw` (format page, "Keys"). The numbers are on disk. */
export const KeyForm = {
  /** A Python pickle. */
  pickle: 0,
  /** The key itself. */
  plain: 1,
  /** Its canonical encoding. */
  canonical: 2,
} as const

export type KeyForm = (typeof KeyForm)[keyof typeof KeyForm]

/** A key as it is stored: in the columns `key` and `raw`. */
export interface EncodedKey {
  readonly key: Column
  readonly form: KeyForm
}

/** An encoded value. Strings and bytes may end up in the database or in a file; the engine decides. */
export interface EncodedValue {
  readonly mode: typeof Mode.raw | typeof Mode.msgpack
  readonly data: Column
}
