import { DiskCacheError } from '../contract/errors.ts'
import { type Column, type EncodedValue, Mode } from './columns.ts'

/** The types of a column, as one character each. They are on disk, and the scripts of Redis know them. */
export const ColumnForm = {
  /** `n`: nothing. */
  null: 0x6e,
  /** `s`: a string, as UTF-8. */
  string: 0x73,
  /** `b`: bytes, as they are. */
  bytes: 0x62,
  /** `i`: an integer of 64 bits, big-endian. */
  integer: 0x69,
  /** `f`: a number of 64 bits, big-endian. */
  float: 0x66,
} as const

/** One of these types. */
export type ColumnForm = (typeof ColumnForm)[keyof typeof ColumnForm]

/** What MessagePack is beside the types of columns. It is on disk. */
const MESSAGE = 0x6d

/** A column as bytes, and its type. */
export interface FormedBytes<Form = ColumnForm> {
  /** What the bytes are. */
  readonly form: Form
  /** The bytes. */
  readonly bytes: Buffer
}

/** Returns a column as bytes with its type. Bytes are not copied. */
export function columnBytes(column: Column): FormedBytes {
  const form = formOf(column)
  if (Buffer.isBuffer(column)) return { form, bytes: column }
  const bytes = Buffer.allocUnsafe(lengthOf(column))
  writeColumn(bytes, column, 0)
  return { form, bytes }
}

/** Returns the type of a column. */
export function formOf(column: Column): ColumnForm {
  if (column === null) return ColumnForm.null
  switch (typeof column) {
    case 'string':
      return ColumnForm.string
    case 'bigint':
      return ColumnForm.integer
    case 'number':
      return ColumnForm.float
    default:
      return ColumnForm.bytes
  }
}

/** Returns how many bytes a column takes. */
export function lengthOf(column: Column): number {
  if (column === null) return 0
  if (typeof column === 'string') return Buffer.byteLength(column, 'utf8')
  return typeof column === 'object' ? column.length : 8
}

/** Writes a column to bytes, from a position on. */
export function writeColumn(bytes: Buffer, column: Column, at: number): void {
  if (typeof column === 'string') bytes.write(column, at, 'utf8')
  else if (typeof column === 'bigint') bytes.writeBigInt64BE(column, at)
  else if (typeof column === 'number') bytes.writeDoubleBE(column, at)
  else if (column !== null) bytes.set(column, at)
}

/** Returns the column that {@link columnBytes} took; throws `ERR_DISKCACHE_CORRUPT` for what it cannot have made. */
export function columnOf({ form, bytes }: FormedBytes<number>): Column {
  return readColumn(bytes, form, 0)
}

/** Returns the column that the bytes from there to their end make; throws `ERR_DISKCACHE_CORRUPT` where they make none. */
export function readColumn(bytes: Buffer, form: number, at: number): Column {
  switch (form) {
    case ColumnForm.null:
      return null
    case ColumnForm.string:
      return bytes.toString('utf8', at)
    case ColumnForm.bytes:
      return bytes.subarray(at)
  }
  if (bytes.length - at === 8) {
    if (form === ColumnForm.integer) return bytes.readBigInt64BE(at)
    if (form === ColumnForm.float) return bytes.readDoubleBE(at)
  }
  throw corruptEntry()
}

/** Returns an encoded value as bytes, and what they are. Those of one that is bytes already are not copied. */
export function formedBytes({ mode, data }: EncodedValue): FormedBytes<number> {
  const formed = columnBytes(data)
  return mode === Mode.msgpack ? { form: MESSAGE, bytes: formed.bytes } : formed
}

/** Returns the encoded value that {@link formedBytes} took; throws `ERR_DISKCACHE_CORRUPT` for what it cannot have made. */
export function encodedValue(formed: FormedBytes<number>): EncodedValue {
  if (formed.form === MESSAGE) return { mode: Mode.msgpack, data: formed.bytes }
  return { mode: Mode.raw, data: columnOf(formed) }
}

/** Makes the error for bytes that no version of these packages wrote. */
export function corruptEntry(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_CORRUPT',
    'Cannot read an entry: its bytes are not as they were written',
  )
}
