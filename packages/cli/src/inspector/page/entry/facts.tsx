import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { EntryView } from '../../../reading/entry-view.ts'
import { Visible } from '../parts/visible.tsx'
import { type Place, withFilters } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { bytesText, countOf, countText } from '../text/amounts.ts'
import { agoText, expiryText, momentText } from '../text/times.ts'

const KEYS = {
  string: 'string',
  number: 'number',
  bytes: 'bytes',
  structured: 'structured',
  pickle: 'pickled by Python',
  damaged: 'damaged',
} as const

/** What is known of an entry beside its value. */
export function Facts({ entry, place, go }: { entry: EntryView; place: Place; go: Go }) {
  const now = useNow()
  const { namespace, expireTime, hits, pin } = entry
  return (
    <dl class="facts">
      <Fact name="Key">{KEYS[entry.keyType]}</Fact>
      <Fact name="Value">{entry.kind}</Fact>
      <Fact name="Size">
        {bytesText(entry.bytes)}
        {entry.bytes >= 1024 && <Quiet>{countOf(entry.bytes, 'byte', 'bytes')}</Quiet>}
      </Fact>
      <Fact name="Kept in">{entry.isInFile ? 'a file of its own' : 'the database'}</Fact>
      {entry.storeTime !== null && <Moment name="Stored" time={entry.storeTime} now={now} />}
      {entry.accessTime !== null && <Moment name="Last read" time={entry.accessTime} now={now} />}
      <Fact name="Expires">
        {expiryText(expireTime, entry.isExpired, now)}
        {expireTime !== null && <Quiet>{momentText(expireTime)}</Quiet>}
      </Fact>
      {hits !== null && <Fact name="Hits">{countText(hits)}</Fact>}
      {pin !== null && (
        <Fact name="Pinned">{pin === true ? 'yes' : pin === 'share' ? 'as one of many' : 'no'}</Fact>
      )}
      {namespace !== undefined && (
        <Fact name="Namespace">
          <Tag text={namespace} onClick={() => go(withFilters(place, { prefix: `${namespace}:` }))} />
        </Fact>
      )}
      <Fact name="Tags">
        {entry.tags.length === 0 && 'none'}
        {entry.tags.map(({ id, text }) => (
          <Tag key={id} text={text} onClick={() => go(withFilters(place, { tag: id }))} />
        ))}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Moment({ name, time, now }: { name: string; time: number; now: number }) {
  return (
    <Fact name={name}>
      {agoText(time, now)} <Quiet>{momentText(time)}</Quiet>
    </Fact>
  )
}

function Quiet({ children }: { children: ComponentChildren }) {
  return <span class="quiet"> {children}</span>
}

function Tag({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" class="tag" title="Only entries like this" onClick={onClick}>
      <Visible text={text} />
    </button>
  )
}

/** The time, each second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
