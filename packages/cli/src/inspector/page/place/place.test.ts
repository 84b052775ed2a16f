import { expect, test } from 'vitest'
import { hashOf, type Place, placeOf, START, withFilters, withoutFilter } from './place.ts'

const PLACES: readonly Place[] = [
  START,
  { view: 'live', filters: {}, order: 'insertion', isReversed: false },
  {
    view: 'entries',
    filters: { text: '#?&=%+ü\n', prefix: 'a:b:', tag: 's&x', kind: 'stream', expired: 'no' },
    order: 'size',
    isReversed: true,
    entry: 's<script>\u202e?#&',
  },
  { view: 'entries', filters: {}, order: 'key', isReversed: false, entry: 's' },
]

test.each(PLACES)('placeOf() reads what hashOf() writes: %j', (place) => {
  expect(placeOf(hashOf(place))).toEqual(place)
})

test.each(['', '#', '#/', '#/nowhere?order=up&kind=tree&expired=maybe', '#?reverse', '#%'])(
  'placeOf(%j) is at most another order, and never an error',
  (hash) => {
    const { view, filters, order } = placeOf(hash)
    expect({ view, filters, order }).toEqual({ view: 'entries', filters: {}, order: 'insertion' })
  },
)

test('withFilters() closes the entry that was shown; withoutFilter() leaves the other filters', () => {
  const place: Place = { ...START, view: 'sizes', filters: { kind: 'text' }, entry: 'sa' }
  const filtered = withFilters(place, { tag: 'st' })
  expect(filtered).toEqual({ ...START, filters: { kind: 'text', tag: 'st' } })
  expect(withoutFilter(filtered, 'kind').filters).toEqual({ tag: 'st' })
})
