import { describe, expect, it } from 'vitest'
import { median, medianRatio } from './statistics.ts'

describe('median()', () => {
  it('gives the middle value of an odd number of values, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it('gives the mean of the two middle values of an even number', () => {
    expect(median([4, 1, 10, 2])).toBe(3)
  })

  it('compares numbers as numbers', () => {
    expect(median([10, 9, 100])).toBe(10)
  })

  it('leaves its argument alone and refuses an empty one', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('medianRatio()', () => {
  it('does not see a slow moment that hits both of a pair', () => {
    expect(medianRatio([2, 20, 2], [1, 10, 1])).toBe(2)
  })

  it('refuses values that are not in pairs', () => {
    expect(() => medianRatio([1], [1, 2])).toThrow(RangeError)
  })
})
