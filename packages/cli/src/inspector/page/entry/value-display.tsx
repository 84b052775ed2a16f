import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ValueView } from '../../../reading/value-view.ts'
import { Visible } from '../parts/visible.tsx'
import { addressOf } from '../server/ask.ts'
import { JsonTree } from './json-tree.tsx'

/** The value of an entry, in the form that suits it. */
export function ValueDisplay({ id, value }: { id: string; value: ValueView }) {
  return (
    <section class="value" aria-label="Value">
      {value.form === 'picture' && <Picture id={id} value={value} />}
      {value.form === 'json' && <Json value={value} />}
      {(value.form === 'text' || value.form === 'hex') && <PlainText value={value} />}
      {value.isCut && <p class="quiet">Only the beginning is shown. The stored bytes can be downloaded.</p>}
    </section>
  )
}

function ValueHead({ value, children }: { value: ValueView; children?: ComponentChildren }) {
  return (
    <div class="value-head">
      <h3>Value</h3>
      <span class="quiet">
        <Visible text={value.mediaType ?? value.type} />
      </span>
      {children}
    </div>
  )
}

function Picture({ id, value }: { id: string; value: ValueView }) {
  const [isBroken, setIsBroken] = useState(false)
  return (
    <>
      <ValueHead value={value} />
      {isBroken ? (
        <p class="problem">The picture cannot be shown.</p>
      ) : (
        <img src={addressOf('picture', { id })} alt="The value" onError={() => setIsBroken(true)} />
      )}
    </>
  )
}

function PlainText({ value }: { value: ValueView }) {
  return (
    <>
      <ValueHead value={value} />
      <Lines text={value.text} isHex={value.form === 'hex'} />
    </>
  )
}

/** JSON as a tree that is folded, or as its text. */
function Json({ value }: { value: ValueView }) {
  const [isTree, setIsTree] = useState(true)
  const tree = useMemo(() => parsed(value), [value.text, value.isCut])
  return (
    <>
      <ValueHead value={value}>
        {tree && (
          <span class="choice">
            <button type="button" aria-pressed={isTree} onClick={() => setIsTree(true)}>
              Tree
            </button>
            <button type="button" aria-pressed={!isTree} onClick={() => setIsTree(false)}>
              Text
            </button>
          </span>
        )}
      </ValueHead>
      {tree && isTree ? <JsonTree value={tree.value} /> : <Lines text={value.text} />}
    </>
  )
}

function Lines({ text, isHex = false }: { text: string; isHex?: boolean }) {
  if (text === '') return <p class="quiet">(empty)</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys, too
    <section class="lines" tabIndex={0} aria-label="Text of the value">
      <pre class={isHex ? 'hex' : undefined}>
        <Visible text={text} keepLines />
      </pre>
    </section>
  )
}

/** What the text of JSON says, or `undefined` where it is cut, or says more than JSON can. */
function parsed({ text, isCut }: ValueView): { value: unknown } | undefined {
  if (isCut) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { value } : undefined
  } catch {
    return undefined
  }
}
