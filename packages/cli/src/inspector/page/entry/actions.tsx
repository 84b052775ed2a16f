import { useState } from 'preact/hooks'
import type { EntryDetail } from '../../protocol/api.ts'
import { shortText } from '../parts/visible.tsx'
import { DeleteDialog, EvictDialog, PinDialog } from './change-dialogs.tsx'
import { TouchDialog } from './touch-dialog.tsx'

interface ActionsProps {
  readonly detail: EntryDetail
  /** A change was made; the text says which, and then whether the entry is gone. */
  onDone(what: string, isRemoved?: boolean): void
}

type Question = 'delete' | 'touch' | 'pin' | { readonly tag: string; readonly text: string }

/** What can be done to an entry, each after a question. */
export function Actions({ detail: { entry }, onDone }: ActionsProps) {
  const [question, setQuestion] = useState<Question>()
  const common = { entry, onDone, onClose: () => setQuestion(undefined) }
  return (
    <>
      <div class="buttons">
        <button type="button" onClick={() => setQuestion('touch')}>
          Change expiry…
        </button>
        {entry.pin !== null && (
          <button type="button" onClick={() => setQuestion('pin')}>
            {entry.pin === true ? 'Unpin…' : 'Pin…'}
          </button>
        )}
        {entry.tags.map((tag) => (
          <button key={tag.id} type="button" onClick={() => setQuestion({ tag: tag.id, text: tag.text })}>
            Evict tag <TagName text={tag.text} />…
          </button>
        ))}
        <button type="button" class="danger" onClick={() => setQuestion('delete')}>
          Delete…
        </button>
      </div>
      {question === 'delete' && <DeleteDialog {...common} />}
      {question === 'touch' && <TouchDialog {...common} />}
      {question === 'pin' && <PinDialog {...common} />}
      {typeof question === 'object' && <EvictDialog {...common} {...question} />}
    </>
  )
}

function TagName({ text }: { text: string }) {
  return <em>{shortText(text, 40)}</em>
}
