import { useEffect } from 'preact/hooks'
import type { EntryView } from '../../../reading/entry-view.ts'
import type { EntryDetail } from '../../protocol/api.ts'
import { LongText } from '../parts/visible.tsx'
import type { Place } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { addressOf } from '../server/ask.ts'
import { Actions } from './actions.tsx'
import { Facts } from './facts.tsx'
import { useEntry } from './use-entry.ts'
import { ValueDisplay } from './value-display.tsx'

interface PanelProps {
  readonly place: Place
  readonly go: Go
  readonly isReadonly: boolean
  /** The entry as the list has it, if it does. */
  readonly listed: EntryView | undefined
  onClose(): void
  /** Something was changed, so that the list is not true any more. The text says what. */
  onDone(what: string): void
}

/** One entry: its key, what can be done to it, its value, and what is known of it. */
export function EntryPanel({ place, go, isReadonly, listed, onClose, onDone }: PanelProps) {
  const id = place.entry ?? ''
  const { detail, isGone, error, wake } = useEntry(id, listed)
  useEscape(onClose)
  const entry = detail?.entry ?? listed
  const changed = (what: string, isRemoved = false) => {
    onDone(what)
    if (isRemoved) onClose()
    else wake()
  }
  return (
    <aside class="entry" aria-label="Entry">
      <div class="entry-head">
        <h2>{entry ? <LongText text={entry.key} most={200} /> : 'Entry'}</h2>
        <button type="button" class="plain close" aria-label="Close the entry" onClick={onClose}>
          ×
        </button>
      </div>
      {isGone && <p class="notice">This entry is not there any more.</p>}
      {error && error.status !== 0 && <p class="problem">{error.message}</p>}
      {detail && !isGone && !isReadonly && <Actions detail={detail} onDone={changed} />}
      {detail && !isGone && <EntryBody {...{ detail, place, go }} />}
    </aside>
  )
}

function EntryBody({ detail: { entry, value }, place, go }: { detail: EntryDetail; place: Place; go: Go }) {
  return (
    <>
      {value.problem !== undefined && <p class="notice bad">{value.problem}</p>}
      {value.problem === undefined && entry.isDamaged && (
        <p class="notice bad">The key, the tags or the expiry are not what was stored.</p>
      )}
      <ValueDisplay id={entry.id} value={value} />
      <Facts entry={entry} place={place} go={go} />
      <p class="links">
        <a href={addressOf('bytes', { id: entry.id })} download>
          Download the stored bytes
        </a>
      </p>
    </>
  )
}

/** Escape closes the entry, unless a dialog is open, which it then closes instead. */
function useEscape(onClose: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      onClose()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}
