import { useRef, useState } from 'preact/hooks'
import type { EntryView } from '../../../reading/entry-view.ts'
import type { EntryDetail } from '../../protocol/api.ts'
import { AnswerError, ask } from '../server/ask.ts'
import { usePoll } from '../server/use-poll.ts'

/** Values up to these bytes are read again each second; larger ones when the list says that they were changed. */
const FEW_BYTES = 64 * 1024

/** An entry with its value, as it is now. */
export interface LiveEntry {
  readonly detail: EntryDetail | undefined
  readonly isGone: boolean
  readonly error: AnswerError | undefined
  /** Reads it at once. */
  wake(): void
}

export function useEntry(id: string, listed: EntryView | undefined): LiveEntry {
  const [detail, setDetail] = useState<EntryDetail>()
  const [isGone, setIsGone] = useState(false)
  const [error, setError] = useState<AnswerError>()
  const listedThen = useRef<EntryView>(undefined)
  const { wake } = usePoll(
    async (signal) => {
      if (!isGone && detail && detail.value.bytes > FEW_BYTES && isSame(listed, listedThen.current)) return
      if (isGone && (listed === undefined || listed === listedThen.current)) return
      listedThen.current = listed
      const answer = await askFor(id, signal)
      setIsGone(answer === undefined)
      if (answer) setDetail(answer)
    },
    id,
    setError,
  )
  const read = () => {
    listedThen.current = undefined
    wake()
  }
  return { detail, isGone, error, wake: read }
}

async function askFor(id: string, signal: AbortSignal): Promise<EntryDetail | undefined> {
  try {
    return await ask<EntryDetail>('entry', { id }, signal)
  } catch (error) {
    if (error instanceof AnswerError && error.status === 404) return undefined
    throw error
  }
}

function isSame(one: EntryView | undefined, other: EntryView | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
