import { useState } from 'preact/hooks'
import { countOf } from '../text/amounts.ts'
import { cutText, visibleParts, visibleText } from '../text/visible-text.ts'

/** Escapes that are marked as such; the others are text, so that bytes that are none do not fill the page with elements. */
const MOST_MARKS = 500

/** A text of others: what would not show is escaped, and marked, and its direction of writing stays its own. */
export function Visible({ text, keepLines = false }: { text: string; keepLines?: boolean }) {
  const parts = visibleParts(text, keepLines)
  if (parts.length > 2 * MOST_MARKS) return <bdi>{parts.map((part) => part.text).join('')}</bdi>
  return (
    <bdi>{parts.map((part) => (part.isEscape ? <span class="escape">{part.text}</span> : part.text))}</bdi>
  )
}

/** The beginning of a text in one line, and all of it on demand. */
export function LongText({ text, most }: { text: string; most: number }) {
  const [isWhole, setIsWhole] = useState(false)
  if (text.length <= most) return text === '' ? <span class="quiet">(empty)</span> : <Visible text={text} />
  return (
    <>
      <Visible text={isWhole ? text : `${cutText(text, most)}…`} />{' '}
      <button type="button" class="plain" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
        {isWhole ? 'less' : `all ${countOf(text.length, 'character', 'characters')}`}
      </button>
    </>
  )
}

/** Returns the beginning of a text in one line, for a label or a title. */
export function shortText(text: string, most: number): string {
  return text.length <= most ? visibleText(text) : `${visibleText(cutText(text, most))}…`
}
