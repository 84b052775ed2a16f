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

/** The columns that a key is stored in. */
export interface EncodedKey {
  readonly key: Column
  /** 1: `key` is the key itself; 2: its canonical encoding; 0: a Python pickle. */
  readonly form: 0 | 1 | 2
}

/** An encoded value. Strings and bytes may end up in the database or in a file; the engine decides. */
export interface EncodedValue {
  readonly mode: typeof Mode.raw | typeof Mode.msgpack
  readonly data: Column
}
