import { describe, expect, test } from 'vitest'
import { freshnessIn, mergeSlots, placeOf, slotOf, type TagSlot } from './tag-slot.ts'
import { timesOf } from './tag-times.ts'

const at = (name: string, now: number, expire?: number) =>
  slotOf([name], timesOf(now, expire === undefined ? undefined : { expire }))

test('placeOf() spreads tags over 256 slots', () => {
  const places = Array.from({ length: 5_000 }, (_, index) => placeOf(`tag ${index}`))
  expect(new Set(places.map(({ slot }) => slot)).size).toBe(256)
  expect(new Set(places.map(({ name }) => name)).size).toBe(5_000)
  expect(placeOf('tag 0')).toEqual(places[0])
})

describe('mergeSlots()', () => {
  test('keeps what both say of a tag', () => {
    const merged = mergeSlots(at('a', 100), mergeSlots(at('b', 200), at('a', 300, 1), 300), 300)
    expect(freshnessIn(merged, 'a', 100, 300)).toBe('expired')
    expect(freshnessIn(merged, 'a', 101, 300)).toBe('stale')
    expect(freshnessIn(merged, 'b', 200, 300)).toBe('expired')
    expect(freshnessIn(merged, 'b', 201, 300)).toBe('fresh')
    expect(freshnessIn(merged, 'c', 1, 300)).toBe('fresh')
  })

  test('knows 32 tags; what was made before those that are forgotten counts as revalidated', () => {
    let slot: TagSlot | undefined
    for (let time = 1; time <= 40; time++) slot = mergeSlots(slot, at(`tag ${time}`, time, 60), time)
    expect(slot!.times.size).toBe(32)
    for (const name of ['tag 1', 'tag 8', 'other']) {
      expect(freshnessIn(slot, name, 8, 50)).toBe('expired')
      expect(freshnessIn(slot, name, 9, 50)).toBe('fresh')
    }
    expect(freshnessIn(slot, 'tag 9', 9, 50)).toBe('stale')
    const many = slotOf(
      Array.from({ length: 100 }, (_, index) => `tag ${index}`),
      timesOf(100, undefined),
    )
    expect(many.times.size).toBe(32)
    expect(freshnessIn(many, 'tag 99', 100, 200)).toBe('expired')
    expect(mergeSlots(slot, many, 100)).toMatchObject({ forgotten: 100 })
  })
})

test.each([
  null,
  'text',
  {},
  { format: 2, forgotten: 0, times: new Map() },
  { format: 1, forgotten: '0', times: new Map() },
  { format: 1, forgotten: 0, times: new Map([['a', { expired: 0, stale: '0' }]]) },
])('freshnessIn() lets nothing pass by the row %o, nor does what is made of it', (row) => {
  expect(freshnessIn(row, 'b', 100, 100)).toBe('expired')
  const mended = mergeSlots(row, at('a', 50), 200)
  expect(freshnessIn(mended, 'b', 200, 300)).toBe('expired')
  expect(freshnessIn(mended, 'b', 201, 300)).toBe('fresh')
})
