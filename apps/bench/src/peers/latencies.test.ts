import { expect, test } from 'vitest'
import { LatencyRecorder, percentile } from './latencies.ts'

test('percentile() is that of all recordings together, to about 1 %', () => {
  const [small, large] = [new LatencyRecorder(), new LatencyRecorder()]
  for (let i = 1; i <= 50; i++) small.add(i)
  for (let i = 51; i <= 100; i++) large.add(i)
  const recordings = [small.latencies(), large.latencies()]
  expect(percentile(0.5, recordings) / 50).toBeCloseTo(1, 1)
  expect(percentile(0.99, recordings) / 99).toBeCloseTo(1, 1)
  expect(percentile(1, recordings) / 100).toBeCloseTo(1, 1)
})

test('percentile() of no calls is an error', () => {
  expect(() => percentile(0.5, [[]])).toThrow(RangeError)
})

test('LatencyRecorder.add() takes what was too short for the clock', () => {
  const recorder = new LatencyRecorder()
  recorder.add(0)
  expect(percentile(0.5, [recorder.latencies()])).toBeGreaterThan(0)
})
