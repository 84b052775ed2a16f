import type { EntryView } from '../../../reading/entry-view.ts'
import { shortText, Visible } from '../parts/visible.tsx'
import { hashOf, type Place, withFilters } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { bytesText, countText } from '../text/amounts.ts'
import { expiryText, spanText } from '../text/times.ts'
import { cutText } from '../text/visible-text.ts'

/** The characters of a key that stand in the list, and the tags. */
const MOST_OF_KEY = 200
const MOST_TAGS = 3

interface RowProps {
  readonly entry: EntryView
  readonly index: number
  readonly now: number
  readonly place: Place
  readonly go: Go
  readonly mark: 'new' | 'changed' | undefined
  /** Whether the Tab key stops here; the arrows reach the others. */
  readonly isReached: boolean
}

/** A row of the list. */
export function EntryRow(props: RowProps) {
  const { entry, now, place, mark } = props
  const isSelected = entry.id === place.entry
  return (
    <tr class={mark} aria-current={isSelected ? 'true' : undefined}>
      <KeyCell {...props} />
      <td class="kind">{entry.kind}</td>
      <td class="size">{bytesText(entry.bytes)}</td>
      <td class="age">{entry.storeTime === null ? '' : spanText(now - entry.storeTime)}</td>
      <td class="expiry">
        <span class={entry.isExpired ? 'expired' : undefined}>
          {expiryText(entry.expireTime, entry.isExpired, now)}
        </span>
      </td>
      <td class="hits">{entry.hits === null ? '' : countText(entry.hits)}</td>
      <TagsCell {...props} />
      <td class="pin">{entry.pin === true ? 'pinned' : entry.pin === 'share' ? 'share' : ''}</td>
      <td class="file">{entry.isInFile ? 'file' : ''}</td>
    </tr>
  )
}

/** The key, as a link, which a click anywhere in the cell follows. */
function KeyCell({ entry, index, place, mark, isReached }: RowProps) {
  const { id, key, keyType, isDamaged } = entry
  const text = key.length > MOST_OF_KEY ? `${cutText(key, MOST_OF_KEY)}…` : key
  return (
    <th scope="row" class="key">
      <a
        class="key"
        href={hashOf({ ...place, entry: id })}
        tabIndex={isReached ? 0 : -1}
        data-index={index}
        title={shortText(key, 1000)}
      >
        {key === '' ? <span class="quiet">(empty)</span> : <Visible text={text} />}
      </a>
      {keyType !== 'string' && keyType !== 'damaged' && <span class="type">{keyType}</span>}
      {(isDamaged || keyType === 'damaged') && <span class="type bad">damaged</span>}
      {mark && <span class="type mark">{mark}</span>}
    </th>
  )
}

/** Tags filter by themselves; for the keyboard they are in the entry and among the filters. */
function TagsCell({ entry: { tags }, place, go }: RowProps) {
  return (
    <td class="tags">
      {tags.slice(0, MOST_TAGS).map(({ id, text }) => (
        <button
          key={id}
          type="button"
          class="tag"
          tabIndex={-1}
          title={`Only entries with the tag ${shortText(text, 200)}`}
          onClick={() => go(withFilters(place, { tag: id }))}
        >
          {shortText(text, 24)}
        </button>
      ))}
      {tags.length > MOST_TAGS && <span class="quiet">+{tags.length - MOST_TAGS}</span>}
    </td>
  )
}
