import { inspect } from 'node:util'
import {
  Disk,
  type EncodedKey,
  ForeignKey,
  isEncryptedKey,
  type Key,
  keyFromText,
  keyText,
} from '@diskcache/core'
import { SHOWN_OF_LONG } from './long-text.ts'

const DISK = new Disk()

/** Returns the key as text that {@link keyOfId} turns back into it, and that no two keys share. */
export function idOfKey(encodedKey: EncodedKey): string {
  return keyText(encodedKey)
}

/**
 * Returns the key of an id.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT, ERR_DISKCACHE_CORRUPT for what is no id
 */
export function keyOfId(id: string): Key {
  return DISK.decodeKey(keyFromText(id))
}

/** Returns the id of a key. */
export function idOf(key: Key): string {
  return keyText(DISK.encodeKey(key))
}

/** Returns whether a key as it is stored is longer than so many bytes or characters. */
export function isLongKey({ key }: EncodedKey, mostLength: number): boolean {
  return typeof key === 'object' || typeof key === 'string' ? (key?.length ?? 0) > mostLength : false
}

/** Returns the beginning of a key that is too long to be shown whole. */
export function shownStartOfKey({ key, form }: EncodedKey): string {
  if (typeof key === 'string') return `${key.slice(0, SHOWN_OF_LONG)}…`
  const bytes = Buffer.isBuffer(key) ? key.subarray(0, SHOWN_OF_LONG / 2) : Buffer.alloc(0)
  return `${form === 0 ? 'bytes' : 'encoded key'} ${hex(bytes)}…`
}

/** Returns a key that is stored, or `undefined` for one that cannot be decoded here. */
export function keyOfEncoded(encodedKey: EncodedKey): Key | undefined {
  try {
    return DISK.decodeKey(encodedKey)
  } catch {
    return undefined
  }
}

/** Returns a key as it is shown to people, on one line: a string as it is, anything else as JavaScript writes it. */
export function shownKey(key: Key | undefined, encodedKey: EncodedKey): string {
  if (key === undefined)
    return `${isEncryptedKey(encodedKey) ? 'encrypted' : 'damaged'} key ${hex(encodedKey.key)}`
  if (ForeignKey.is(key)) return `Python's key ${hex(key.bytes)}`
  if (typeof key === 'string') return key
  if (key instanceof Uint8Array) return `bytes ${hex(key)}`
  return inspect(key, { breakLength: Number.POSITIVE_INFINITY, depth: 10, maxArrayLength: 100 })
}

function hex(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex') : String(bytes)
}
