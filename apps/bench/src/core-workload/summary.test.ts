import { describe, expect, it } from 'vitest'
import type { Recording } from './recording.ts'
import { percentile, summarize } from './summary.ts'

describe('percentile()', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('gives for a share of %d of 1 … 100 the value %d', (share, expected) => {
    expect(percentile(hundred, share)).toBe(expected)
  })

  it('gives the smallest of few values, and refuses none', () => {
    expect(percentile([7], 0.5)).toBe(7)
    expect(() => percentile([], 0.5)).toThrow(RangeError)
  })
})

describe('summarize()', () => {
  const recording = (get: number[], dropped: number | null): Recording => ({
    times: { get, set: [5], delete: [6] },
    misses: { get: 1, set: 0, delete: 2 },
    dropped,
  })

  it('takes the times of all processes together', () => {
    const { operations, total, wall } = summarize([recording([10, 1], 0), recording([9, 100], 0)], 1_000)
    expect(operations.get).toEqual({ p50: 9, p90: 10, p99: 10, max: 100, total: 120, misses: 2 })
    expect(total).toBe(120 + 10 + 12)
    expect(wall).toBe(1_000)
  })

  it('adds up what was dropped, where the stores tell', () => {
    expect(summarize([recording([1], 2), recording([1], 3)], 1).dropped).toBe(5)
    expect(summarize([recording([1], null)], 1).dropped).toBeUndefined()
  })
})
