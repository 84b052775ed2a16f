import { expect, it } from 'vitest'
import { growthOf } from './growth.ts'

it('growthOf() compares each size with the smallest of its own kind, round by round', () => {
  // Ours and the bare one at each size, in milliseconds; the machine was twice as slow in the second round.
  const times = [
    [1, 2],
    [4, 8],
    [3, 6],
    [4, 8],
  ]
  const growth = growthOf([10, 1_000], times, { operation: 'get', count: 100, order: 'random' })
  expect(growth).toEqual({
    operation: 'get',
    order: 'random',
    ours: [
      { keys: 10, microseconds: 15, ratio: 1 },
      { keys: 1_000, microseconds: 45, ratio: 3 },
    ],
    bare: [
      { keys: 10, microseconds: 60, ratio: 1 },
      { keys: 1_000, microseconds: 60, ratio: 1 },
    ],
  })
})
