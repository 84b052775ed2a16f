import { expect, test } from 'vitest'
import { fifo, hitRatio, lru, s3Fifo } from './ideal-policies.ts'
import { syntheticTraces } from './synthetic-traces.ts'

/** A loop over more keys than there is room for, and two keys that are asked for all the time. */
const LOOP = Array.from({ length: 3_000 }, (_, i) => (i % 3 === 0 ? i % 2 : 10 + (i % 50)))

test('lru() and fifo() tell a key that is used from one that is not', () => {
  expect([1, 2, 1, 3, 1].map(lru(2))).toEqual([false, false, true, false, true])
  expect([1, 2, 1, 3, 1].map(fifo(2))).toEqual([false, false, true, false, false])
})

test('s3Fifo() keeps what is used through a loop', () => {
  expect(hitRatio(LOOP, s3Fifo(10))).toBeGreaterThan(0.3)
  expect(hitRatio(LOOP, lru(3))).toBeLessThan(0.34)
})

test('syntheticTraces() are the same each time, and tell policies apart', () => {
  const traces = syntheticTraces(20_000)
  expect(traces.map(({ name, keys }) => [name, keys])).toEqual(
    syntheticTraces(20_000).map(({ name, keys }) => [name, keys]),
  )
  const scans = traces.find(({ name }) => name === 'Zipf with scans')!
  expect(hitRatio(scans.requests, s3Fifo(500))).toBeGreaterThan(hitRatio(scans.requests, lru(500)) + 0.02)
  const loop = traces.find(({ name }) => name === 'a loop')!
  expect(hitRatio(loop.requests, lru(1_500))).toBe(0)
})
