import { inspect } from 'node:util'
import { Disk, type EncodedKey, ForeignKey, type Key, keyFromText, keyText } from '@diskcache/core'

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

/** Returns a key as it is shown to people, on one line: a string as it is, anything else as JavaScript writes it. */
export function shownKey(key: Key | undefined, { key: column }: EncodedKey): string {
  if (key === undefined) return `damaged key ${hex(column)}`
  if (ForeignKey.is(key)) return `Python's key ${hex(key.bytes)}`
  if (typeof key === 'string') return key
  if (key instanceof Uint8Array) return `bytes ${hex(key)}`
  return inspect(key, { breakLength: Number.POSITIVE_INFINITY, depth: 10, maxArrayLength: 100 })
}

function hex(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex') : String(bytes)
}
