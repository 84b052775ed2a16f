import type { EntryView } from '../../../reading/entry-view.ts'

/** How long a mark stays, in milliseconds. */
const STAY = 5000

/** Why an entry is marked, and until when. */
export interface Mark {
  readonly what: 'new' | 'changed'
  readonly until: number
}

export type Marks = ReadonlyMap<string, Mark>

/** What was shown before: the entries, and whether there were more behind them. */
export interface Shown {
  readonly entries: readonly EntryView[]
  readonly hasMore: boolean
  readonly marks: Marks
}

/** Returns the marks of the entries that are shown now: those that are new or were changed since, and earlier ones. */
export function marksOf(before: Shown, entries: readonly EntryView[], now: number): Marks {
  const earlier = new Map(before.entries.map((entry) => [entry.id, signature(entry)]))
  const last = before.hasMore ? entries.findLastIndex(({ id }) => earlier.has(id)) : entries.length
  const marks = new Map<string, Mark>()
  entries.forEach((entry, index) => {
    const known = earlier.get(entry.id)
    const mark = before.marks.get(entry.id)
    // Behind the last that was known are those that have moved up from the next page.
    if (known === undefined && index < last) marks.set(entry.id, { what: 'new', until: now + STAY })
    else if (known !== undefined && known !== signature(entry))
      marks.set(entry.id, { what: 'changed', until: now + STAY })
    else if (mark !== undefined && mark.until > now) marks.set(entry.id, mark)
  })
  return marks
}

/** What is another when an entry was written; that it was read is no change. */
function signature({ hits: _, accessTime: __, ...written }: EntryView): string {
  return JSON.stringify(written)
}
