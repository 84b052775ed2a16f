import { expect, test } from 'vitest'
import { HEIGHT, lineOf, WIDTH } from './line.ts'

test('lineOf() draws the newest at the right, and the largest at the top', () => {
  const line = lineOf([0, 10])
  expect(line.path).toBe(`M589.8 ${HEIGHT - 1}L${WIDTH} 1`)
  expect(line).toMatchObject({ least: 0, most: 10, last: 10 })
})

test('lineOf() leaves gaps where values are missing', () => {
  const { path, last } = lineOf([1, undefined, 1, undefined], 1)
  expect(path.match(/M/g)).toHaveLength(2)
  expect(last).toBe(1)
  expect(lineOf([]).path).toBe('')
})

test('lineOf() finds the sample below the pointer', () => {
  const line = lineOf(Array.from({ length: 400 }, (_, index) => index))
  expect([1, 0, 0.5].map((share) => line.indexAt(share))).toEqual([399, 100, 249])
  expect(lineOf([1]).indexAt(0.2)).toBe(undefined)
})
