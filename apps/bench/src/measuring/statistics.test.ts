import { expect, it } from 'vitest'
import { median, medianRatio } from './statistics.ts'

it('median() gives the middle value, or the mean of the two in the middle, by their size as numbers', () => {
  expect(median([10, 9, 100])).toBe(10)
  expect(median([4, 1, 10, 2])).toBe(3)
})

it('median() leaves its argument alone and refuses an empty one', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
  expect(() => median([])).toThrow(RangeError)
})

it('medianRatio() does not see a slow moment that hits both of a pair, and refuses what is not in pairs', () => {
  expect(medianRatio([2, 20, 2], [1, 10, 1])).toBe(2)
  expect(() => medianRatio([1], [1, 2])).toThrow(RangeError)
})
