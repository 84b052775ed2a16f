import type { ListedEntry, ListPlace, ListQuery, ListStep, StoreListing, Tag } from '@diskcache/core'
import type { SourcePage } from './source.ts'

/** The most entries that are asked for in one step. */
const PAGE_ENTRIES = 1_000

/** Gives the entries of a directory in the order of their insertion, shard after shard, as iteration has them. */
export async function* listedPages(
  listing: StoreListing,
  parts: number,
  tag: Tag | undefined,
  first: ListPlace | undefined,
): AsyncGenerator<SourcePage, void, void> {
  for (let part = first?.part ?? 0; part < parts; part++) {
    let after = part === first?.part ? first : undefined
    for (;;) {
      const { entries, total } = await lastStep(listing, { part, tag, after, limit: PAGE_ENTRIES })
      if (entries.length > 0) yield { entries, total }
      if (entries.length < PAGE_ENTRIES) break
      after = entries.at(-1)?.place
    }
  }
}

/** Returns a listed entry as it is now, by asking for the one after the place before its own. */
export async function listedAgain(
  listing: StoreListing,
  { place }: ListedEntry,
): Promise<ListedEntry | undefined> {
  const before = place.row - 1n
  const after = { ...place, by: before, row: before }
  const [entry] = (await lastStep(listing, { part: place.part, after, limit: 1 })).entries
  return entry?.place.row === place.row ? entry : undefined
}

async function lastStep(listing: StoreListing, query: ListQuery): Promise<ListStep> {
  for await (const step of listing.list({ ...query, order: 'insertion' })) if (step.isDone) return step
  throw new Error('Cannot list the entries: the last step is not there')
}
