import { expect, test } from 'vitest'
import { RefusedSizes } from './refused-sizes.ts'

test('RefusedSizes.has() knows lengths from the refused one on, and those that are not known, for ten minutes', () => {
  let time = 1_000
  const sizes = new RefusedSizes(() => time)
  sizes.note('a', 100)
  const seen = () => [
    sizes.has('a', undefined),
    sizes.has('a', 100),
    sizes.has('a', 99),
    sizes.has('b', undefined),
  ]
  expect(seen()).toEqual([true, true, false, false])
  time += 600_001
  expect(seen()).toEqual([false, false, false, false])
})
