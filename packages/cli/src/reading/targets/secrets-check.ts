import {
  type Column,
  type Disk,
  DiskCacheError,
  type EncodedKey,
  EncryptedDisk,
  hasCode,
  isEncryptedKey,
  type Key,
  Mode,
  type StoreListing,
} from '@diskcache/core'

/** So many entries are looked at. */
const MOST_LOOKS = 20

/**
 * Makes a codec refuse every key once it has met one that is encrypted, and returns it. Nobody here has the secret of
 * keys: an entry would not be found, and would be stored with its key in plain text.
 */
export function refusingKeys<T extends Disk>(disk: T): T {
  const { encodeKey, decodeKey } = disk
  let areEncrypted = false
  return Object.assign(disk, {
    encodeKey: (key: Key): EncodedKey => {
      if (!areEncrypted) return encodeKey.call(disk, key)
      throw new DiskCacheError(
        'ERR_DISKCACHE_FORMAT',
        'Cannot use a key: keys are encrypted here; use your program, which has their secret',
      )
    },
    decodeKey: (encoded: EncodedKey): Key => {
      areEncrypted ||= isEncryptedKey(encoded)
      return decodeKey.call(disk, encoded)
    },
  })
}

/** Returns whether an `EncryptedDisk` may have written a value: MessagePack never begins so. */
export function isEncryptedValue(mode: Mode, data: Column): boolean {
  return mode === Mode.msgpack && Buffer.isBuffer(data) && data[0] === 0xc1 && data[1] === 3
}

/** Returns keys of a directory, those of the newest entries; a codec that decodes them meets what they are. */
export async function someKeys(listing: StoreListing): Promise<Key[]> {
  for await (const { entries, isDone } of listing.list({ reverse: true, limit: MOST_LOOKS }))
    if (isDone) return entries.map(({ key }) => key).filter((key) => key !== undefined)
  return []
}

/** Returns a codec that decrypts values, whatever classes they are of. */
export function probeOf(secrets: readonly Uint8Array[]): EncryptedDisk {
  return new EncryptedDisk({ keys: secrets, classes: 'plain' })
}

/**
 * Checks that one of the values can be read; `read` rejects for those that cannot. What is written with another secret
 * would be lost for the program that has the right one.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there are values, and none of them can
 */
export async function checkSecrets(
  keys: Iterable<Key> | AsyncIterable<Key>,
  read: (key: Key) => Promise<unknown>,
): Promise<void> {
  let closed = 0
  for await (const key of keys) {
    try {
      await read(key)
      return
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_FORMAT') && !hasCode(error, 'ERR_DISKCACHE_CORRUPT')) throw error
      if (++closed >= MOST_LOOKS) break
    }
  }
  if (closed > 0)
    throw new DiskCacheError(
      'ERR_DISKCACHE_FORMAT',
      'Cannot write with this secret: it opens none of the values that are there; give that of your program by --secret-file, older ones after it',
    )
}
