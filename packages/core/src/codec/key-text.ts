import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { EncodedKey } from './columns.ts'

/** The letters of binary keys, by their form: pickled by Python, bytes, in the canonical encoding. */
const BINARY: readonly (string | undefined)[] = ['p', 'b', 'c']

/**
 * Returns a key as text: a letter for its type, and the key. Binary keys are hexadecimal digits, because not all bytes are
 * text.
 */
export function keyText({ key, form }: EncodedKey): string {
  if (Buffer.isBuffer(key)) return BINARY[form] + key.toString('hex')
  if (typeof key === 'string') return `s${key}`
  return typeof key === 'bigint' ? `i${key}` : `d${key}`
}

/**
 * Returns the key that {@link keyText} was given.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT for what it does not give
 */
export function keyFromText(text: string): EncodedKey {
  const [type, rest] = [text[0], text.slice(1)]
  if (type === 's') return { key: rest, form: 1 }
  if (type === 'i' && /^-?\d{1,19}$/.test(rest)) return { key: BigInt(rest), form: 1 }
  if (type === 'd' && rest === String(Number(rest))) return { key: Number(rest), form: 1 }
  const form = BINARY.indexOf(type)
  const key = Buffer.from(rest, 'hex')
  if (form >= 0 && key.length * 2 === rest.length) return { key, form: form as 0 | 1 | 2 }
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    `Cannot read the key ${quote(text)}: it was not written by this package`,
  )
}
