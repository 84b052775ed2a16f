import { type Key, keyFromText, type ListedEntry } from '@diskcache/core'
import { idOfKey } from '../../../reading/key-id.ts'
import type { Target } from '../../../reading/targets/target.ts'
import { Refusal } from '../http/refusal.ts'

/**
 * Returns the entry of an id, without its value, or `undefined` when there is none. It is looked for where it has to stand
 * in the order of keys, which is as fast in a large store.
 */
export async function findEntry({ listing }: Target, key: Key, id: string): Promise<ListedEntry | undefined> {
  if (listing.find !== undefined) return listing.find(key)
  // No form comes before all forms: the place right before the key.
  const after = { by: keyFromText(id).key, form: -1, part: 0, row: -1n }
  for await (const { entries, isDone } of listing.list({ order: 'key', after, limit: 1 }))
    if (isDone) return entries.find(({ encodedKey }) => idOfKey(encodedKey) === id)
  return undefined
}

/** Returns what was found, or refuses the request. */
export function found<T>(value: T | undefined): T {
  if (value !== undefined) return value
  throw new Refusal(404, 'The entry is gone')
}
