import { type Column, type EncodedValue, Mode } from './columns.ts'

/** What bytes stand for, within what a codec makes of them. The numbers are on disk: more may be added, none changed. */
const Form = { msgpack: 0, text: 1, bytes: 2, integer: 3, float: 4, null: 5 } as const

/** An encoded value as bytes, and the number of the form that they have. */
export interface FormedBytes {
  readonly form: number
  readonly bytes: Buffer
}

/** Returns an encoded value as bytes. Those of one that is bytes already are not copied. */
export function formedBytes({ mode, data }: EncodedValue): FormedBytes {
  if (Buffer.isBuffer(data)) return { form: mode === Mode.msgpack ? Form.msgpack : Form.bytes, bytes: data }
  return { form: formOf(data), bytes: bytesOf(data) }
}

/** Returns the encoded value that {@link formedBytes} took; throws `RangeError` for what it cannot have made. */
export function encodedValue({ form, bytes }: FormedBytes): EncodedValue {
  if (form === Form.msgpack) return { mode: Mode.msgpack, data: bytes }
  return { mode: Mode.raw, data: columnOf(form, bytes) }
}

function formOf(data: Exclude<Column, Buffer>): number {
  if (data === null) return Form.null
  if (typeof data === 'string') return Form.text
  return typeof data === 'bigint' ? Form.integer : Form.float
}

function bytesOf(data: Exclude<Column, Buffer>): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8')
  const bytes = Buffer.alloc(data === null ? 0 : 8)
  if (typeof data === 'bigint') bytes.writeBigInt64BE(data)
  else if (data !== null) bytes.writeDoubleBE(data)
  return bytes
}

function columnOf(form: number, bytes: Buffer): Column {
  switch (form) {
    case Form.text:
      return bytes.toString('utf8')
    case Form.bytes:
      return bytes
    case Form.null:
      return null
    case Form.integer:
      return bytes.readBigInt64BE()
    case Form.float:
      return bytes.readDoubleBE()
    default:
      throw new RangeError(`Unknown form ${form}`)
  }
}
