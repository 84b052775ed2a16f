import type { EntryView } from '../../../reading/entry-view.ts'
import { Dialog } from '../parts/dialog.tsx'
import { shortText } from '../parts/visible.tsx'
import { makeChange } from '../server/ask.ts'
import { countOf } from '../text/amounts.ts'

export interface ChangeProps {
  readonly entry: EntryView
  onDone(what: string, isRemoved?: boolean): void
  onClose(): void
}

/** The key of an entry in a question. */
export function KeyName({ entry }: { entry: EntryView }) {
  return <code>{shortText(entry.key, 200)}</code>
}

export function DeleteDialog({ entry, onDone, onClose }: ChangeProps) {
  const act = async () => {
    const count = await makeChange({ action: 'delete', id: entry.id })
    onDone(count > 0 ? 'The entry was deleted.' : 'The entry was not there any more.', true)
  }
  return (
    <Dialog title="Delete this entry?" act="Delete" isDangerous onAct={act} onClose={onClose}>
      <p>
        <KeyName entry={entry} /> is removed for all programs that use this cache.
      </p>
    </Dialog>
  )
}

export function PinDialog({ entry, onDone, onClose }: ChangeProps) {
  const pin = entry.pin !== true
  const act = async () => {
    const count = await makeChange({ action: 'pin', id: entry.id, pin })
    const what = pin ? 'The entry is pinned.' : 'The entry is not pinned any more.'
    onDone(count > 0 ? what : 'The entry was not there any more.')
  }
  const title = pin ? 'Pin this entry?' : 'Unpin this entry?'
  return (
    <Dialog title={title} act={pin ? 'Pin' : 'Unpin'} onAct={act} onClose={onClose}>
      <p>
        <KeyName entry={entry} />{' '}
        {pin ? 'is never evicted to make room; it still expires.' : 'may be evicted to make room.'}
      </p>
    </Dialog>
  )
}

export function EvictDialog({ tag, text, onDone, onClose }: ChangeProps & { tag: string; text: string }) {
  const act = async () => {
    const count = await makeChange({ action: 'evict', tag })
    onDone(`${countOf(count, 'entry was', 'entries were')} removed.`, true)
  }
  return (
    <Dialog title="Evict all with this tag?" act="Evict" isDangerous onAct={act} onClose={onClose}>
      <p>
        All entries with the tag <code>{shortText(text, 200)}</code> are removed for all programs that use
        this cache.
      </p>
    </Dialog>
  )
}
