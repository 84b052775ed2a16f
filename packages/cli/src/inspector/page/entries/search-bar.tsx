import { useEffect, useRef, useState } from 'preact/hooks'
import { type Place, withFilters, withoutFilter } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'

/** How long somebody types on before the search begins, in milliseconds. */
const PATIENCE = 150

/** The field for text that keys contain. `/` goes to it, Escape empties it. */
export function SearchBar({ place, go }: { place: Place; go: Go }) {
  const input = useRef<HTMLInputElement>(null)
  const [text, type] = useTypedText(place, go)
  useSlash(input)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    event.preventDefault()
    if (text === '') input.current?.blur()
    else type('')
  }
  return (
    <label class="search">
      <span class="unseen">Search in keys</span>
      <input
        ref={input}
        type="search"
        aria-keyshortcuts="/"
        placeholder="Search in keys"
        title="Upper and lower case are the same for A to Z"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="shortcut">/</span>
    </label>
  )
}

/** The text of the field, which becomes a filter when nothing was typed for a moment. */
function useTypedText(place: Place, go: Go): readonly [string, (text: string) => void] {
  const filter = place.filters.text ?? ''
  const [text, setText] = useState(filter)
  const latest = useRef({ place, go })
  latest.current = { place, go }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(filter)
  // What comes back from the field itself is older than what was typed since.
  useEffect(() => {
    if (filter !== sent.current) setText(filter)
    sent.current = filter
  }, [filter])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (typed: string) => {
    setText(typed)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const { place, go } = latest.current
      sent.current = typed
      const next = typed === '' ? withoutFilter(place, 'text') : withFilters(place, { text: typed })
      go(next, place.filters.text === undefined ? undefined : 'replace')
    }, PATIENCE)
  }
  return [text, type]
}

function useSlash(input: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey } = event
      if (key !== '/' || ctrlKey || metaKey || altKey) return
      if (target instanceof Element && target.closest('input, select, textarea, dialog')) return
      event.preventDefault()
      input.current?.select()
      input.current?.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
