import { useEffect, useRef } from 'preact/hooks'
import type { EntryView } from '../../../reading/entry-view.ts'
import { type Place, START } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { COLUMNS, type Column } from './columns.ts'
import { EntryRow } from './entry-row.tsx'
import type { Marks } from './marks.ts'

interface TableProps {
  readonly entries: readonly EntryView[]
  readonly marks: Marks
  readonly place: Place
  readonly go: Go
}

/**
 * The list. The arrows go from key to key, from the search and from nowhere to the first, and Enter shows the entry; while
 * one is shown, it follows.
 */
export function EntriesTable({ entries, marks, place, go }: TableProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const now = Date.now()
  const selected = entries.findIndex(({ id }) => id === place.entry)
  const onKeyDown = (event: KeyboardEvent) => {
    const link = linkAfter(event, body.current)
    if (link === undefined) return
    event.preventDefault()
    link.focus()
    const { id } = entries[Number(link.dataset.index)] ?? {}
    if (place.entry !== undefined && id !== undefined) go({ ...place, entry: id }, 'replace')
  }
  useKeyDown(onKeyDown)
  return (
    <table class="entries">
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <Heading key={column.name} column={column} place={place} go={go} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {entries.map((entry, index) => (
          <EntryRow
            key={entry.id}
            {...{ entry, index, now, place, go }}
            mark={marks.get(entry.id)?.what}
            isReached={index === Math.max(0, selected)}
          />
        ))}
      </tbody>
    </table>
  )
}

/** Listens to all keys, wherever the focus is. */
function useKeyDown(onKeyDown: (event: KeyboardEvent) => void): void {
  const latest = useRef(onKeyDown)
  latest.current = onKeyDown
  useEffect(() => {
    const listener = (event: KeyboardEvent) => latest.current(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

/** Returns the key that an arrow goes to, or `undefined` for other keys, at the ends, and where arrows do something else. */
function linkAfter(event: KeyboardEvent, body: HTMLElement | null): HTMLElement | undefined {
  const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  if (step === 0 || altKey || ctrlKey || metaKey || shiftKey) return undefined
  if (body === null || !(target instanceof Element)) return undefined
  const links = [...body.querySelectorAll<HTMLElement>('a.key')]
  if (body.contains(target))
    return links[links.findIndex((link) => link.closest('tr') === target.closest('tr')) + step]
  if (target !== document.body && !target.matches('input[type="search"]')) return undefined
  return links[links.findIndex((link) => link.closest('tr[aria-current]') !== null) + step]
}

function Heading({ column, place, go }: { column: Column; place: Place; go: Go }) {
  const { name, title, order } = column
  if (order === undefined)
    return (
      <th scope="col" class={name}>
        {title}
      </th>
    )
  const isSorted = place.order === order
  const sort = isSorted ? (place.isReversed ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" class={name} aria-sort={sort}>
      <button type="button" class="plain" onClick={() => go(sortedBy(column, place))}>
        {title}
        <span aria-hidden="true" class="arrow">
          {isSorted ? (place.isReversed ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  )
}

/** The first click sorts, the second turns round, the third goes back to the newest first. */
function sortedBy({ order, isReversedFirst = false }: Column, place: Place): Place {
  if (order === undefined) return place
  if (place.order !== order) return { ...place, order, isReversed: isReversedFirst }
  if (place.isReversed === isReversedFirst) return { ...place, isReversed: !isReversedFirst }
  return { ...place, order: START.order, isReversed: START.isReversed }
}
