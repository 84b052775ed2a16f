import { ForeignKey, type Key, type ListedEntry, namespaceOf, type ValueKind } from '@diskcache/core'
import { idOfKey, shownKey } from './key-id.ts'
import { idOfTag, shownTag } from './tag-id.ts'

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

/** Returns an entry of a listing as JSON; `now` is in epoch milliseconds. */
export function entryView(entry: ListedEntry, now: number): EntryView {
  const { key, encodedKey, kind, bytes, isInFile, expireTime, isDamaged, pin } = entry
  const namespace = typeof key === 'string' ? namespaceOf(key) : undefined
  return {
    ...{ id: idOfKey(encodedKey), key: shownKey(key, encodedKey), keyType: keyTypeOf(key) },
    ...(namespace === undefined ? {} : { namespace }),
    ...{ kind, bytes, isInFile, expireTime, isDamaged, pin: pin ?? null },
    storeTime: entry.storeTime ?? null,
    accessTime: entry.accessTime ?? null,
    hits: entry.hits ?? null,
    isExpired: expireTime !== null && expireTime <= now,
    tags: entry.tags.map((tag) => ({ id: idOfTag(tag), text: shownTag(tag) })),
  }
}

function keyTypeOf(key: Key | undefined): EntryView['keyType'] {
  if (key === undefined) return 'damaged'
  if (ForeignKey.is(key)) return 'pickle'
  if (key instanceof Uint8Array) return 'bytes'
  if (typeof key === 'string') return 'string'
  return typeof key === 'number' || typeof key === 'bigint' ? 'number' : 'structured'
}
