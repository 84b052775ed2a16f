import { hitRatio, lru, s3Fifo } from '@diskcache/simulation'
import { expect, test } from 'vitest'
import { syntheticTraces } from './synthetic-traces.ts'

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
