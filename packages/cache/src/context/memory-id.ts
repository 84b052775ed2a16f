import { KeyForm } from '@diskcache/core'
import type { OrderKey } from './order-key.ts'

/** Begins the id of what is no text or number: half of a character, with which no well-formed text begins. */
const OTHER = '\udfff'

/** Returns what is equal for equal keys alone, and as quick to look up as it can be. */
export function memoryId({ key, form }: OrderKey): string | number {
  if (form === KeyForm.plain && (typeof key === 'string' || typeof key === 'number')) return key
  if (typeof key === 'bigint') return Number.isSafeInteger(Number(key)) ? Number(key) : `${OTHER}${key}`
  return `${OTHER}${form}${typeof key}${Buffer.isBuffer(key) ? key.toString('latin1') : key}`
}
