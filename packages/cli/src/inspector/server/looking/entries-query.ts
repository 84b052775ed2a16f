import { type ListOrder, type ListPlace, type ListQuery, VALUE_KINDS } from '@diskcache/core'
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
  const order = choice('order', given('order'), ORDERS)
  const expired = choice('expired', given('expired'), ['yes', 'no'])
  return {
    text: given('text'),
    prefix: given('prefix'),
    tag: tag === undefined ? undefined : askedTag(tag),
    kind: choice('kind', given('kind'), VALUE_KINDS),
    expired: expired === undefined ? undefined : expired === 'yes',
    order,
    reverse: choice('reverse', given('reverse'), ['yes']) === 'yes',
    after: after === undefined ? undefined : placeIn(order, after),
    limit: ENTRIES_PER_PAGE,
  }
}

/** Returns a place of that order. In that of insertion it is a number of a row, and a key is never `null`. */
function placeIn(order: ListOrder = 'insertion', text: string): ListPlace {
  const place = placeOfText(text)
  const isInOrder =
    order === 'insertion' ? typeof place.by === 'bigint' : order !== 'key' || place.by !== null
  if (isInOrder) return place
  throw new Refusal(400, 'Cannot use after: it is no place in this order')
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
