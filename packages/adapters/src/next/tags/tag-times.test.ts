import { expect, test } from 'vitest'
import { freshnessOf, mergeTimes, timesOf } from './tag-times.ts'

test('freshnessOf() tells what was made before a revalidation from what was made after it', () => {
  const gone = timesOf(100, undefined)
  expect([99, 100, 101].map((madeAt) => freshnessOf(gone, madeAt, 200))).toEqual([
    'expired',
    'expired',
    'fresh',
  ])
  const old = timesOf(100, { expire: 1 })
  expect([99, 100, 101].map((madeAt) => freshnessOf(old, madeAt, 1_099))).toEqual(['stale', 'stale', 'fresh'])
  expect([99, 100, 101].map((madeAt) => freshnessOf(old, madeAt, 1_100))).toEqual([
    'expired',
    'expired',
    'fresh',
  ])
  expect(freshnessOf(timesOf(100, {}), 99, 1e15)).toBe('stale')
})

test('mergeTimes() keeps what both say, in either order, and what was over before', () => {
  const [gone, first, second] = [
    timesOf(50, undefined),
    timesOf(100, { expire: 1 }),
    timesOf(2_000, { expire: 10 }),
  ]
  for (const times of [
    mergeTimes(mergeTimes(gone, first), second),
    mergeTimes(second, mergeTimes(first, gone)),
    mergeTimes(first, mergeTimes(gone, second)),
  ]) {
    expect(times).toEqual({ expired: 100, stale: 2_000, deadline: 12_000 })
  }
  expect(mergeTimes(first, first)).toEqual(first)
  expect(mergeTimes(first, timesOf(500, {}))).toEqual({ expired: 0, stale: 500 })
})
