import { ForeignKey, type Key, type ListedEntry, namespaceOf, type ValueKind } from '@diskcache/core'
import { idOfKey, isLongKey, shownKey, shownStartOfKey } from './key-id.ts'
import { longId, SHOWN_OF_LONG } from './long-text.ts'
import { tagView } from './tag-id.ts'

/** An entry without its value, as JSON: what `keys --json` prints and the page gets. */
export interface EntryView {
  /** The key as text that can be turned back into it, and that no two keys share; see `keyText` of core. */
  readonly id: string
  /** The key as it is shown to people: a string as it is, anything else as JavaScript writes it. */
  readonly key: string
  /** The type of the key. */
  readonly keyType: 'string' | 'number' | 'bytes' | 'structured' | 'pickle' | 'damaged'
  /** What stands before the first colon of a key that is a string. */
  readonly namespace?: string
  readonly kind: ValueKind
  readonly bytes: number
  readonly isInFile: boolean
  /** Times are epoch milliseconds; what the store does not know is `null`. */
  readonly storeTime: number | null
  readonly accessTime: number | null
  readonly expireTime: number | null
  readonly isExpired: boolean
  readonly hits: number | null
  /** The labels, as they are shown and as text that can be turned back into them. */
  readonly tags: readonly { readonly id: string; readonly text: string }[]
  readonly pin: boolean | 'share' | null
  readonly isDamaged: boolean
}

/** The lengths beyond which keys and tags are cut. */
export interface EntryLimits {
  readonly key: number
  readonly tag: number
}

/** A key that is longer cannot stand in an address, nor can a tag beside others. */
export const PAGE_LIMITS: EntryLimits = { key: 32 * 1024, tag: SHOWN_OF_LONG }

/**
 * Returns an entry of a listing as JSON; `now` is in epoch milliseconds. Of a key and a tag beyond the limits, which may
 * have many MiB, it has the beginning, and an id by which they cannot be asked for. There are none unless given.
 */
export function entryView(entry: ListedEntry, now: number, limits?: EntryLimits): EntryView {
  const { key, kind, bytes, isInFile, expireTime, isDamaged, pin } = entry
  const namespace = typeof key === 'string' ? namespaceOf(key) : undefined
  return {
    ...keyView(entry, limits?.key ?? Infinity),
    keyType: keyTypeOf(key),
    ...(namespace === undefined ? {} : { namespace }),
    ...{ kind, bytes, isInFile, expireTime, isDamaged, pin: pin ?? null },
    storeTime: entry.storeTime ?? null,
    accessTime: entry.accessTime ?? null,
    hits: entry.hits ?? null,
    isExpired: expireTime !== null && expireTime <= now,
    tags: entry.tags.map((tag) => {
      const { id, text } = tagView(tag, limits?.tag ?? Infinity)
      return { id, text }
    }),
  }
}

function keyView({ key, encodedKey, place }: ListedEntry, mostLength: number): { id: string; key: string } {
  if (!isLongKey(encodedKey, mostLength)) return { id: idOfKey(encodedKey), key: shownKey(key, encodedKey) }
  // To hash all of it takes long.
  return { id: longId(place.part, place.row), key: shownStartOfKey(encodedKey) }
}

function keyTypeOf(key: Key | undefined): EntryView['keyType'] {
  if (key === undefined) return 'damaged'
  if (ForeignKey.is(key)) return 'pickle'
  if (key instanceof Uint8Array) return 'bytes'
  if (typeof key === 'string') return 'string'
  return typeof key === 'number' || typeof key === 'bigint' ? 'number' : 'structured'
}
