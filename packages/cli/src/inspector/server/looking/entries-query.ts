import { type ListOrder, type ListQuery, VALUE_KINDS } from '@diskcache/core'
import { placeOfText } from '../../../reading/list-place.ts'
import { Refusal } from '../http/refusal.ts'
import { askedTag } from './asked-tag.ts'

/** The entries of a page. */
const ENTRIES_PER_PAGE = 100

const ORDERS: readonly ListOrder[] = ['insertion', 'key', 'size', 'stored', 'read', 'expiry', 'hits']

/** Returns what `GET api/entries` asks for; the members are those of `EntriesQuery`. */
export function entriesQuery(asked: URLSearchParams): ListQuery {
  const given = (name: string) => asked.get(name) || undefined
  const [tag, after] = [given('tag'), given('after')]
  const expired = choice('expired', given('expired'), ['yes', 'no'])
  return {
    text: given('text'),
    prefix: given('prefix'),
    tag: tag === undefined ? undefined : askedTag(tag),
    kind: choice('kind', given('kind'), VALUE_KINDS),
    expired: expired === undefined ? undefined : expired === 'yes',
    order: choice('order', given('order'), ORDERS),
    reverse: choice('reverse', given('reverse'), ['yes']) === 'yes',
    after: after === undefined ? undefined : placeOfText(after),
    limit: ENTRIES_PER_PAGE,
  }
}

function choice<T extends string>(
  name: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  const found = choices.find((known) => known === value)
  if (value === undefined || found !== undefined) return found
  throw new Refusal(400, `Cannot use ${name}: expected one of ${choices.join(', ')}`)
}
