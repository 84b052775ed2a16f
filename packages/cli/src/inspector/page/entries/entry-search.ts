import type { EntryView } from '../../../reading/entry-view.ts'
import type { EntriesPage, EntriesQuery } from '../../protocol/api.ts'
import type { Place } from '../place/place.ts'
import { AnswerError, ask } from '../server/ask.ts'

/** Returns what the server is asked for, to show the entries of a place. */
export function queryOf({ filters, order, isReversed }: Place): EntriesQuery {
  return { ...filters, order, ...(isReversed && { reverse: 'yes' }) }
}

/** What was found so far, of as many pages as are wanted. */
export interface Found {
  readonly entries: readonly EntryView[]
  readonly scanned: number
  readonly total: number
  readonly isDone: boolean
  readonly hasMore: boolean
}

/** Finds pages of entries, one after the other; each step has all that was found so far, and the last one `isDone`. */
export async function* findEntries(
  query: EntriesQuery,
  pages: number,
  signal: AbortSignal,
): AsyncGenerator<Found, void, void> {
  let earlier: readonly EntryView[] = []
  let after: string | undefined
  for (let page = 1; page <= pages; page++) {
    const isLast = page === pages
    for await (const step of searchPage({ ...query, ...(after !== undefined && { after }) }, signal)) {
      const entries = [...earlier, ...step.entries]
      after = step.next
      const isDone = step.isDone && (isLast || after === undefined)
      const { scanned, total } = step
      yield { entries, scanned, total, isDone, hasMore: after !== undefined }
      if (step.isDone) earlier = entries
    }
    if (after === undefined) return
  }
}

/** Asks for a page again and again until all entries were looked at. */
async function* searchPage(
  query: EntriesQuery,
  signal: AbortSignal,
): AsyncGenerator<EntriesPage, void, void> {
  let search: string | undefined
  do {
    const page: EntriesPage = await searchStep(query, search, signal)
    yield page
    search = page.isDone ? undefined : page.search
  } while (search !== undefined)
}

/** Goes on with a search, or begins it anew where the server has forgotten it, as after a sleep of the machine. */
async function searchStep(query: EntriesQuery, search: string | undefined, signal: AbortSignal) {
  try {
    return await ask<EntriesPage>('entries', { ...query, search }, signal)
  } catch (error) {
    const isForgotten = search !== undefined && error instanceof AnswerError && error.status === 404
    if (!isForgotten) throw error
    return ask<EntriesPage>('entries', { ...query }, signal)
  }
}
