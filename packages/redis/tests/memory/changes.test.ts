import { expect, test } from 'vitest'
import { type Change, faultOf } from './changes.ts'

const STALENESS = 100
const set = (n: number, begin: number, { end = begin + 1, ttl = Infinity } = {}): Change => ({
  n,
  begin,
  end,
  ttl,
})
const CHANGES = [
  set(1, 1_000),
  set(2, 2_000, { ttl: 50 }),
  set(3, 3_000, { ttl: 0 }),
  set(4, 4_000, { end: Infinity }),
  set(5, 5_000),
]

test.for([
  ['the first value is not there yet', undefined, 0, 500],
  ['nor has it to be, within the staleness', undefined, 0, 1_100],
  ['it is there', undefined, 1, 1_500],
  ['it is missed', 'misses what is there', 0, 1_500],
  ['it is given a little longer', undefined, 1, 2_100],
  ['it is given for too long', 'is older', 1, 2_102],
  ['what expires is there', undefined, 2, 2_040],
  ['it is given after its expiry', 'outlives its expiry', 2, 2_060],
  ['it is gone after its expiry', undefined, 0, 2_060],
  ['what was removed is given a little longer', 'outlives its expiry', 2, 3_010],
  ['what was removed is back', 'is older', 2, 3_500],
  ['it is gone', undefined, 0, 3_500],
  ['a change that was cut off is there', undefined, 4, 4_500],
  ['or not', undefined, 0, 4_500],
  ['or a value before the last that is known', 'is older', 2, 4_500],
  ['it is replaced', 'is older', 4, 5_500],
  ['what was never written is given', 'is older', 6, 5_500],
] as const)('faultOf(): %s', ([, fault, n, begin]) => {
  expect(faultOf(CHANGES, { n, begin, end: begin + 1 }, STALENESS)).toBe(fault)
})
