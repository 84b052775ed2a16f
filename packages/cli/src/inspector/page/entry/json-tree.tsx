import { useState } from 'preact/hooks'
import { LongText, Visible } from '../parts/visible.tsx'
import { countOf } from '../text/amounts.ts'

/** Levels that are open at first, members that are shown at first, and the characters of a text. */
const OPEN_LEVELS = 2
const MOST_MEMBERS = 100
const MOST_OF_TEXT = 500

/** A value of JSON, folded below the first levels. What is folded is not made. */
export function JsonTree({ value }: { value: unknown }) {
  return (
    <div class="json">
      <Node value={value} level={0} />
    </div>
  )
}

interface NodeProps {
  readonly name?: string
  readonly value: unknown
  readonly level: number
}

function Node({ name, value, level }: NodeProps) {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
    return <Branch name={name ?? ''} value={value} level={level} />
  return (
    <div class="leaf">
      <Name name={name ?? ''} />
      <Leaf value={value} />
    </div>
  )
}

function Name({ name }: { name: string }) {
  if (name === '') return null
  return (
    <>
      <span class="name">
        <Visible text={name} />
      </span>
      {': '}
    </>
  )
}

function Branch({ name, value, level }: { name: string; value: object; level: number }) {
  const [isOpen, setIsOpen] = useState(level < OPEN_LEVELS)
  const isArray = Array.isArray(value)
  const size = Object.keys(value).length
  const hint = isArray ? `[${countOf(size, 'item', 'items')}]` : `{${countOf(size, 'member', 'members')}}`
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <Name name={name} />
        <span class="quiet">{hint}</span>
      </summary>
      {isOpen && <Members value={value} level={level + 1} />}
    </details>
  )
}

function Members({ value, level }: { value: object; level: number }) {
  const [most, setMost] = useState(MOST_MEMBERS)
  const members = Object.entries(value)
  return (
    <div class="members">
      {members.slice(0, most).map(([name, member]) => (
        <Node key={name} name={name === '' ? '(empty)' : name} value={member} level={level} />
      ))}
      {members.length > most && (
        <button type="button" class="plain" onClick={() => setMost(most + 10 * MOST_MEMBERS)}>
          {countOf(members.length - most, 'more', 'more')}
        </button>
      )}
    </div>
  )
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string')
    return (
      <span class="string">
        "<LongJsonText text={value} />"
      </span>
    )
  return <span class="literal">{JSON.stringify(value)}</span>
}

function LongJsonText({ text }: { text: string }) {
  return text === '' ? null : <LongText text={text} most={MOST_OF_TEXT} />
}
