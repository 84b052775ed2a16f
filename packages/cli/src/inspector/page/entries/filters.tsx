import { useState } from 'preact/hooks'
import type { EntryView } from '../../../reading/entry-view.ts'
import type { Survey } from '../../protocol/api.ts'
import { shortText } from '../parts/visible.tsx'
import { type Filters, KINDS, type Place, withFilters, withoutFilter } from '../place/place.ts'
import type { Go } from '../place/use-place.ts'
import { ask } from '../server/ask.ts'

interface FilterProps {
  readonly place: Place
  readonly go: Go
  readonly entries: readonly EntryView[]
}

interface Choice {
  readonly label: string
  readonly filters: Filters
}

/** The filters, each of which a click removes. */
export function FilterChips({ place, go, entries }: FilterProps) {
  const { tag, prefix, kind, expired } = place.filters
  const chips: [keyof Filters, string][] = []
  if (tag !== undefined) chips.push(['tag', `tag: ${tagText(tag, entries)}`])
  if (prefix !== undefined) chips.push(['prefix', prefixText(prefix)])
  if (kind !== undefined) chips.push(['kind', `kind: ${kind}`])
  if (expired !== undefined) chips.push(['expired', expired === 'yes' ? 'expired' : 'not expired'])
  return (
    <>
      {chips.map(([name, text]) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-label={`Remove the filter ${shortText(text, 200)}`}
          onClick={() => go(withoutFilter(place, name))}
        >
          {shortText(text, 40)} <span aria-hidden="true">×</span>
        </button>
      ))}
    </>
  )
}

function prefixText(prefix: string): string {
  return prefix.endsWith(':') ? `namespace: ${prefix.slice(0, -1)}` : `begins with: ${prefix}`
}

/** All entries of a list with a tag have it, and say its text. */
function tagText(id: string, entries: readonly EntryView[]): string {
  for (const { tags } of entries) {
    const text = tags.find((tag) => tag.id === id)?.text
    if (text !== undefined) return text
  }
  return id
}

/** A menu of filters: kinds, expiry, and the tags and namespaces of the cache, which are counted when it is opened. */
export function FilterMenu({ place, go, entries }: FilterProps) {
  const { survey, load } = useSurvey()
  const groups: [string, Choice[]][] = [
    ['Kind', KINDS.map((kind) => ({ label: kind, filters: { kind } }))],
    [
      'Expiry',
      [
        { label: 'expired', filters: { expired: 'yes' } },
        { label: 'not expired', filters: { expired: 'no' } },
      ],
    ],
    ['Tag', tagChoices(entries, survey)],
    ['Namespace', namespaceChoices(entries, survey)],
  ]
  const choices = groups.flatMap(([, group]) => group)
  const onChange = ({ currentTarget }: { currentTarget: HTMLSelectElement }) => {
    const choice = choices[Number(currentTarget.value)]
    currentTarget.value = ''
    if (choice) go(withFilters(place, choice.filters))
  }
  return (
    <select aria-label="Add a filter" value="" onChange={onChange} onFocus={load} onPointerEnter={load}>
      <option value="">Add a filter…</option>
      {groups.map(([title, group]) => (
        <Group key={title} title={title} group={group} first={choices.indexOf(group[0] as Choice)} />
      ))}
    </select>
  )
}

function Group({ title, group, first }: { title: string; group: readonly Choice[]; first: number }) {
  if (group.length === 0) return null
  return (
    <optgroup label={title}>
      {group.map(({ label }, index) => (
        <option key={label} value={first + index}>
          {label}
        </option>
      ))}
    </optgroup>
  )
}

/** The sums of the cache, once they are wanted. Without them the menu has what the list has. */
function useSurvey() {
  const [survey, setSurvey] = useState<Survey>()
  const load = () => {
    void ask<Survey>('survey', {}, AbortSignal.timeout(10_000)).then(setSurvey, () => {})
  }
  return { survey, load }
}

function tagChoices(entries: readonly EntryView[], survey: Survey | undefined): Choice[] {
  const texts = new Map<string, string>()
  for (const { id, label } of survey?.byTag ?? []) if (id !== undefined) texts.set(id, label)
  for (const { tags } of entries) for (const { id, text } of tags) texts.set(id, text)
  return Array.from(texts, ([tag, text]) => ({ label: shortText(text, 60), filters: { tag } })).slice(0, 100)
}

function namespaceChoices(entries: readonly EntryView[], survey: Survey | undefined): Choice[] {
  const names = new Set<string>()
  for (const { id } of survey?.byNamespace ?? []) if (id !== undefined) names.add(id)
  for (const { namespace } of entries) if (namespace !== undefined) names.add(namespace)
  return Array.from(names, (name) => ({ label: shortText(name, 60), filters: { prefix: `${name}:` } })).slice(
    0,
    100,
  )
}
