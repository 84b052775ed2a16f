import { expect, it } from 'vitest'
import { growthOf } from './growth-part.ts'

it('growthOf() compares each size with the smallest of its own kind, round by round', () => {
  // Ours and the bare one at each size, in milliseconds; the machine was twice as slow in the second round.
  const times = [
    [1, 2],
    [4, 8],
    [3, 6],
    [4, 8],
  ]
  expect(growthOf('get', [10, 1_000], times, 100)).toEqual([
    { step: 'get', keys: 10, ours: 15, bare: 60, oursGrown: 1, bareGrown: 1, ratio: 1 },
    { step: 'get', keys: 1_000, ours: 45, bare: 60, oursGrown: 3, bareGrown: 1, ratio: 3 },
  ])
})
