import { type Key, keyFromText, type ListedEntry } from '@diskcache/core'
import { entryView } from '../../../reading/entry-view.ts'
import { idOfKey } from '../../../reading/key-id.ts'
import type { Target } from '../../../reading/target.ts'
import { viewValue } from '../../../reading/value-view.ts'
import { WalkedListing } from '../../../reading/walked-listing.ts'
import type { EntryDetail } from '../../protocol/api.ts'
import { Refusal } from '../http/refusal.ts'
import { askedKey } from './asked-key.ts'

/** Returns an entry with its value. */
export async function entryDetail(target: Target, id: string): Promise<EntryDetail> {
  const key = askedKey(id)
  const [entry, value] = await Promise.all([findEntry(target, key, id), viewValue(target, key)])
  if (entry === undefined || value === undefined) throw new Refusal(404, 'The entry is gone')
  return { entry: entryView(entry, Date.now()), value }
}

/** Looks for an entry where it has to stand in the order of keys, which is as fast in a large store. */
async function findEntry({ listing }: Target, key: Key, id: string): Promise<ListedEntry | undefined> {
  if (listing instanceof WalkedListing) return listing.find(key)
  // No form comes before all forms: the place right before the key.
  const after = { by: keyFromText(id).key, form: -1, part: 0, row: -1n }
  for await (const { entries, isDone } of listing.list({ order: 'key', after, limit: 1 }))
    if (isDone) return entries.find(({ encodedKey }) => idOfKey(encodedKey) === id)
  return undefined
}
