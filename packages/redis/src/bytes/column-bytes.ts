import { type Column, DiskCacheError } from '@diskcache/core'

/** The types of a column, as one character each, which the scripts know, too. */
export const Form = { null: 0x6e, string: 0x73, bytes: 0x62, integer: 0x69, float: 0x66 } as const

export type Form = (typeof Form)[keyof typeof Form]

export interface FormedBytes {
  readonly form: Form
  readonly bytes: Buffer
}

export function columnBytes(column: Column): FormedBytes {
  const form = formOf(column)
  if (Buffer.isBuffer(column)) return { form, bytes: column }
  const bytes = Buffer.allocUnsafe(lengthOf(column))
  writeColumn(bytes, column, 0)
  return { form, bytes }
}

export function formOf(column: Column): Form {
  if (column === null) return Form.null
  switch (typeof column) {
    case 'string':
      return Form.string
    case 'bigint':
      return Form.integer
    case 'number':
      return Form.float
    default:
      return Form.bytes
  }
}

export function lengthOf(column: Column): number {
  if (column === null) return 0
  if (typeof column === 'string') return Buffer.byteLength(column, 'utf8')
  return typeof column === 'object' ? column.length : 8
}

export function writeColumn(bytes: Buffer, column: Column, at: number): void {
  if (typeof column === 'string') bytes.write(column, at, 'utf8')
  else if (typeof column === 'bigint') bytes.writeBigInt64BE(column, at)
  else if (typeof column === 'number') bytes.writeDoubleBE(column, at)
  else if (column !== null) bytes.set(column, at)
}

export function columnOf({ form, bytes }: FormedBytes): Column {
  return readColumn(bytes, form, 0)
}

/** The column that the bytes from there to their end make. Throws `ERR_DISKCACHE_CORRUPT` where they make none. */
export function readColumn(bytes: Buffer, form: Form, at: number): Column {
  switch (form) {
    case Form.null:
      return null
    case Form.string:
      return bytes.toString('utf8', at)
    case Form.bytes:
      return bytes.subarray(at)
  }
  if (bytes.length - at === 8) {
    if (form === Form.integer) return bytes.readBigInt64BE(at)
    if (form === Form.float) return bytes.readDoubleBE(at)
  }
  throw corruptEntry()
}

/** For bytes that no version of this package wrote. */
export function corruptEntry(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_CORRUPT',
    'Cannot read an entry: its bytes are not as they were written',
  )
}
