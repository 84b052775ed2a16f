/**
 * The forms in which a value stands in the database (format page, "Values"). The numbers are on disk: more may be
 * added, none changed.
 */
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

/** One of the numbers of {@link Mode}. */
export type Mode = (typeof Mode)[keyof typeof Mode]

/** What SQLite keeps in one column of type BLOB. */
export type Column = string | number | bigint | Buffer | null

/**
 * The forms in which a key stands in the database, in the column `raw` (format page, "Keys"). The numbers are on
 * disk.
 */
export const KeyForm = {
  /** A Python pickle. */
  pickle: 0,
  /** The key itself. */
  plain: 1,
  /** Its canonical encoding. */
  canonical: 2,
} as const

/** One of the numbers of {@link KeyForm}. */
export type KeyForm = (typeof KeyForm)[keyof typeof KeyForm]

/** An encoded key, as it is stored: in the columns `key` and `raw`. */
export interface EncodedKey {
  /** The content of the column `key`. */
  readonly key: Column
  /** The form of the key, in the column `raw`. */
  readonly form: KeyForm
}

/** An encoded value. The engine decides whether a string or bytes stand in the database or in a file. */
export interface EncodedValue {
  /** The form of the value, as far as the codec decides it. */
  readonly mode: typeof Mode.raw | typeof Mode.msgpack
  /** The content of the column `value`, or of the file. */
  readonly data: Column
}
