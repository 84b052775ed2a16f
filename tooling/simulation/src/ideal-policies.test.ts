import { expect, test } from 'vitest'
import { fifo, hitRatio, lru, s3Fifo } from './ideal-policies.ts'

/** A loop over more keys than there is room for, and two keys that are asked for all the time. */
const LOOP = Array.from({ length: 3_000 }, (_, i) => (i % 3 === 0 ? i % 2 : 10 + (i % 50)))

test('lru() and fifo() tell a key that is used from one that is not', () => {
  const [recent, first] = [lru(2), fifo(2)]
  expect([1, 2, 1, 3, 1].map((key) => recent(key))).toEqual([false, false, true, false, true])
  expect([1, 2, 1, 3, 1].map((key) => first(key))).toEqual([false, false, true, false, false])
})

test('s3Fifo() keeps what is used through a loop', () => {
  expect(hitRatio(LOOP, s3Fifo(10))).toBeGreaterThan(0.3)
  expect(hitRatio(LOOP, lru(3))).toBeLessThan(0.34)
})

test('Policies keep within their size, in the unit of what entries take', () => {
  for (const policy of [fifo, lru, s3Fifo]) {
    const ask = policy(100)
    expect(ask(1, 101)).toBe(false)
    expect(ask(1, 101)).toBe(false)
    for (const key of [2, 3]) ask(key, 50)
    expect([2, 3].map((key) => ask(key, 50))).toEqual([true, true])
    ask(4, 100)
    expect([2, 3].map((key) => ask(key, 50))).toEqual([false, false])
  }
})
