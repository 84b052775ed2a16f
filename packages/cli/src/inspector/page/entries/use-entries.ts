import { useRef, useState } from 'preact/hooks'
import type { Place } from '../place/place.ts'
import type { AnswerError } from '../server/ask.ts'
import { usePoll } from '../server/use-poll.ts'
import { type Found, findEntries, queryOf } from './entry-search.ts'
import { type Marks, marksOf } from './marks.ts'

/** What the list shows. */
export interface EntryList extends Found {
  /** The entries that were asked for, as text. */
  readonly subject: string
  readonly marks: Marks
}

/** The entries of a place, found anew all the time, so that what other processes change is seen. */
export interface LiveEntries {
  readonly list: EntryList | undefined
  /** Whether the list is that of the place, or still of the one before. */
  readonly isCurrent: boolean
  readonly error: AnswerError | undefined
  /** Finds one page more. */
  more(): void
  /** Finds all anew at once. */
  wake(): void
}

export function useEntries(place: Place): LiveEntries {
  const query = queryOf(place)
  const subject = JSON.stringify(query)
  const [list, setList] = useState<EntryList>()
  const [error, setError] = useState<AnswerError>()
  const pages = useRef({ subject, wanted: 1, shown: 0 })
  if (pages.current.subject !== subject) pages.current = { subject, wanted: 1, shown: 0 }
  const shown = useRef(list)
  shown.current = list

  const { wake } = usePoll(
    async (signal) => {
      const { wanted } = pages.current
      // Only what is new in the list is shown before it is complete; a list that is looked at does not shrink meanwhile.
      const isMore = wanted > pages.current.shown
      for await (const found of findEntries(query, wanted, signal)) {
        if (signal.aborted) return
        const before = shown.current?.subject === subject ? shown.current : undefined
        if (!found.isDone && (!isMore || found.entries.length < (before?.entries.length ?? 0))) continue
        const isRefresh = before?.isDone && !isMore
        const marks = isRefresh ? marksOf(before, found.entries, Date.now()) : (before?.marks ?? new Map())
        shown.current = { ...found, subject, marks }
        setList(shown.current)
      }
      pages.current.shown = wanted
    },
    subject,
    setError,
  )
  const more = () => {
    pages.current.wanted++
    wake()
  }
  return { list, isCurrent: list?.subject === subject, error, more, wake }
}
