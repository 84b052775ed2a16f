import { expect, test } from 'vitest'
import { RecentResponses } from './recent-responses.ts'
import type { VariantRow } from './rows.ts'

function rowOf(size: number): VariantRow {
  return { body: new Uint8Array(size), size } as unknown as VariantRow
}

test('RecentResponses keeps what was read lately, within its limit', () => {
  const recent = new RecentResponses(25_000, () => 0)
  const rows = ['one', 'two', 'three'].map((id) => ({ id, row: rowOf(10_000) }))
  for (const { id, row } of rows) recent.add(id, row)
  expect(rows.map(({ id }) => recent.get(id))).toEqual([undefined, rows[1]?.row, rows[2]?.row])
  recent.add('large', rowOf(30_000))
  expect(['two', 'three', 'large'].map((id) => recent.get(id))).toEqual([undefined, undefined, undefined])
  recent.add('four', rowOf(20_000))
  expect(recent.get('four')?.size).toBe(20_000)
})

test('RecentResponses counts a response once that is added again', () => {
  const recent = new RecentResponses(25_000, () => 0)
  for (let i = 0; i < 5; i++) recent.add('one', rowOf(10_000))
  recent.add('two', rowOf(10_000))
  recent.delete('none')
  expect(recent.get('one')).toBeDefined()
  recent.delete('one')
  expect(recent.get('one')).toBe(undefined)
})

for (const step of [5_001, -5_001])
  test(`RecentResponses forgets after a while, when the clock goes by ${step}`, () => {
    let now = 100_000
    const recent = new RecentResponses(25_000, () => now)
    recent.add('one', rowOf(1))
    now += step
    expect(recent.get('one')).toBe(undefined)
  })
