import { type Key, KeyForm } from '@diskcache/core'
import type { OrderKey } from './order-key.ts'

/** Begins the id of what is no text or number: half of a character, with which no well-formed text begins. */
const OTHER = '\udfff'
const OTHER_CODE = 0xdfff

/** Returns what is equal for equal keys alone, and as quick to look up as it can be. */
export function memoryId({ key, form }: OrderKey): string | number {
  if (form === KeyForm.plain && (typeof key === 'string' || typeof key === 'number')) return key
  if (typeof key === 'bigint') return Number.isSafeInteger(Number(key)) ? Number(key) : `${OTHER}${key}`
  return `${OTHER}${form}${typeof key}${Buffer.isBuffer(key) ? key.toString('latin1') : key}`
}

/**
 * Returns the id that a text has as a key, if the codec leaves it as it is, without encoding it; `undefined` for other keys,
 * and for a text that may be something else's id. One that is not well-formed has another id, and so is not found.
 */
export function textId(key: Key): string | undefined {
  return typeof key === 'string' && key.charCodeAt(0) !== OTHER_CODE ? key : undefined
}
