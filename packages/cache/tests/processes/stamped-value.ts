import { crc32 } from 'node:zlib'
import type { Random } from './random.ts'

/** Values of file forms are longer than this, the others shorter. */
export const MIN_FILE_SIZE = 4_096

export type Form = 'text' | 'bytes' | 'object' | 'file text' | 'file bytes' | 'file object'

export const FORMS: readonly Form[] = ['text', 'object', 'file text', 'file bytes', 'file object']
export const FILE_FORMS: readonly Form[] = ['file text', 'file bytes', 'file object']

export type StampedValue = string | Buffer | { text: string }

export interface Stamp {
  readonly key: string
  readonly writer: number
  readonly sequence: number
}

/** A value that proves itself: it says who wrote it as what to which key, and a checksum covers every byte. */
export function stamped({ key, writer, sequence }: Stamp, form: Form, random: Random): StampedValue {
  const length = form.startsWith('file') ? MIN_FILE_SIZE + random.below(4 * MIN_FILE_SIZE) : random.below(500)
  const body = `${key}|${writer}|${sequence}|${'.-+#'.charAt(sequence % 4).repeat(length)}`
  const text = `${crc32(body)}|${body}`
  if (form.endsWith('object')) return { text }
  return form.endsWith('bytes') ? Buffer.from(text) : text
}

/** Throws unless the value was made by {@link stamped} for this key and is whole. */
export function checkStamped(key: string, value: unknown): Stamp {
  const text = textOf(value)
  const [sum, owner, writer, sequence] = text.split('|', 4)
  const body = text.slice((sum?.length ?? 0) + 1)
  if (owner !== key) throw new Error(`${key} holds a value that was not written to it: ${text.slice(0, 80)}`)
  if (Number(sum) !== crc32(body)) throw new Error(`${key} holds a damaged value: ${text.slice(0, 80)}`)
  return { key, writer: Number(writer), sequence: Number(sequence) }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  return String((value as { text?: unknown } | null | undefined)?.text)
}
