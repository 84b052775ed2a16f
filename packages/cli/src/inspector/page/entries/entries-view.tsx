import { useRef, useState } from 'preact/hooks'
import { EntryPanel } from '../entry/entry-panel.tsx'
import { Progress } from '../parts/progress.tsx'
import { Toast } from '../parts/toast.tsx'
import { type Place, withoutEntry } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { countOf, countText } from '../text/amounts.ts'
import { EmptyCache, NothingFound } from './empty.tsx'
import { EntriesTable } from './entries-table.tsx'
import { FilterChips, FilterMenu } from './filters.tsx'
import { SearchBar } from './search-bar.tsx'
import { type LiveEntries, useEntries } from './use-entries.ts'

interface ViewProps {
  readonly place: Place
  readonly go: Go
  readonly isReadonly: boolean
  /** The number of all entries, as far as it is known. */
  readonly size: number | undefined
}

/** The list of entries, and beside it the one that is chosen. */
export function EntriesView({ place, go, isReadonly, size }: ViewProps) {
  const live = useEntries(place)
  const [done, setDone] = useState('')
  const section = useRef<HTMLElement>(null)
  const entries = live.list?.entries ?? []
  const close = () => {
    go(withoutEntry(place))
    section.current?.querySelector<HTMLElement>('a.key[tabindex="0"]')?.focus()
  }
  const onDone = (what: string) => {
    setDone(what)
    live.wake()
  }
  return (
    <section ref={section} aria-label="Entries" class={place.entry === undefined ? 'view' : 'view split'}>
      <div class="list">
        <div class="tools">
          <SearchBar place={place} go={go} />
          <FilterMenu place={place} go={go} entries={entries} />
          <FilterChips place={place} go={go} entries={entries} />
        </div>
        <ListStatus live={live} place={place} size={size} />
        <ListBody live={live} place={place} go={go} />
      </div>
      {place.entry !== undefined && (
        <EntryPanel
          key={place.entry}
          {...{ place, go, isReadonly, onClose: close, onDone }}
          listed={entries.find(({ id }) => id === place.entry)}
        />
      )}
      <Toast text={done} onEnd={() => setDone('')} />
    </section>
  )
}

function ListBody({ live, place, go }: { live: LiveEntries; place: Place; go: Go }) {
  const { list, isCurrent, more } = live
  if (list === undefined) return null
  const isFiltered = Object.keys(place.filters).length > 0
  if (list.entries.length === 0 && isCurrent && list.isDone)
    return isFiltered ? <NothingFound place={place} go={go} /> : <EmptyCache />
  return (
    <div class={isCurrent ? 'table' : 'table stale'}>
      <EntriesTable entries={list.entries} marks={list.marks} place={place} go={go} />
      {list.hasMore && (
        <button type="button" class="more" onClick={more}>
          More entries
        </button>
      )}
    </div>
  )
}

/** How many were found, which is read aloud once it is known; how far a search is that goes on. */
function ListStatus({ live, place, size }: { live: LiveEntries; place: Place; size: number | undefined }) {
  const { list, isCurrent, error } = live
  const isDone = list?.isDone === true && isCurrent
  return (
    <div class="status">
      <p role="status">
        {error && error.status !== 0 && <span class="problem">{error.message}</span>}
        {!error && isDone && foundText(list, place, size)}
        {!error && !isDone && list !== undefined && isCurrent && 'Searching'}
      </p>
      {isCurrent && list && !list.isDone && <Progress scanned={list.scanned} total={list.total} />}
    </div>
  )
}

function foundText(list: NonNullable<LiveEntries['list']>, place: Place, size = list.total): string {
  const { length } = list.entries
  if (!list.hasMore) return countOf(length, 'entry', 'entries')
  return Object.keys(place.filters).length > 0
    ? `The first ${countText(length)} entries`
    : `${countText(length)} of ${countText(Math.max(size, length))} entries`
}
