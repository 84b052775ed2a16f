import { type Column, columnBytes, columnOf, type EncodedKey, Mode } from '@diskcache/core'
import { isObject, WrongLine } from './sealed-line.ts'

/** A value as it is stored, which nobody has to decode to move it. */
export class StoredValue {
  /** What the bytes are: `raw` and `msgpack` as the codec gives them, `stream` for bytes that were written as one. */
  readonly mode: StoredMode
  readonly data: Column

  constructor(mode: StoredMode, data: Column) {
    this.mode = mode
    this.data = data
  }
}

export type StoredMode = typeof Mode.raw | typeof Mode.msgpack | typeof Mode.stream

/** A key as it is stored, which only its codec can decode. */
export class StoredKey {
  readonly encoded: EncodedKey

  constructor(encoded: EncodedKey) {
    this.encoded = encoded
  }
}

/** What bytes on a line are: the form of the value, and, as a letter, the type of its column. */
export interface StoredHead {
  readonly mode: StoredMode
  readonly form: string
}

/** Returns what the bytes of a stored value are, and these. */
export function bytesOfStored({ mode, data }: StoredValue): { head: StoredHead; bytes: Buffer } {
  const { form, bytes } = columnBytes(data)
  return { head: { mode, form: String.fromCharCode(form) }, bytes }
}

/** Returns the value that {@link bytesOfStored} took; throws `WrongLine` for what it cannot have given. */
export function storedOfBytes({ mode, form }: StoredHead, bytes: Buffer): StoredValue {
  const data = attempt(() => columnOf({ form: form.charCodeAt(0), bytes }))
  if (mode === Mode.raw || Buffer.isBuffer(data)) return new StoredValue(mode, data)
  throw new WrongLine('its value has no bytes')
}

const MODES: readonly unknown[] = [Mode.raw, Mode.msgpack, Mode.stream] satisfies StoredMode[]

/** Checks the members of what a line says of a stored value. */
export function checkHead({ mode, form }: Record<string, unknown>): StoredHead {
  if (!MODES.includes(mode))
    throw new WrongLine(`the mode of its value is unknown here: ${JSON.stringify(mode)}`)
  if (typeof form !== 'string' || form.length !== 1) throw new WrongLine('its value has no form')
  return { mode: mode as StoredMode, form }
}

/** Returns the bytes that stand on a line in base64; throws `WrongLine` for what is none, or is cut off. */
export function bytesOfBase64(text: unknown): Buffer {
  if (typeof text === 'string') {
    const bytes = Buffer.from(text, 'base64')
    // Buffer passes over what is no base64.
    if (Math.ceil(bytes.length / 3) * 4 === text.length && bytes.toString('base64') === text) return bytes
  }
  throw new WrongLine('it has no base64 where bytes should stand')
}

/** A column as JSON. */
export function columnToJson(column: Column): object {
  const { head, bytes } = bytesOfStored(new StoredValue(Mode.raw, column))
  return { form: head.form, base64: bytes.toString('base64') }
}

/** Returns the column that {@link columnToJson} took. */
export function columnOfJson(json: unknown): Column {
  if (!isObject(json)) throw new WrongLine('it has no column where one should stand')
  return storedOfBytes(checkHead({ mode: Mode.raw, form: json.form }), bytesOfBase64(json.base64)).data
}

function attempt<T>(run: () => T): T {
  try {
    return run()
  } catch {
    throw new WrongLine('its bytes make no value')
  }
}
