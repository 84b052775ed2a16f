import { expect, test } from 'vitest'
import { LatencyRecorder, percentile } from './latencies.ts'

test('percentile() is that of all recordings together, to about 1 %', () => {
  const [small, large] = [new LatencyRecorder(), new LatencyRecorder()]
  for (let i = 1; i <= 100; i++) (i <= 50 ? small : large).add(i)
  const recordings = [small.latencies(), large.latencies()]
  for (const share of [0.5, 0.99, 1]) expect(percentile(share, recordings) / share / 100).toBeCloseTo(1, 1)
})

test('percentile() refuses no calls, and takes what was too short for the clock', () => {
  const recorder = new LatencyRecorder()
  expect(() => percentile(0.5, [recorder.latencies()])).toThrow(RangeError)
  recorder.add(0)
  expect(percentile(0.5, [recorder.latencies()])).toBeGreaterThan(0)
})
