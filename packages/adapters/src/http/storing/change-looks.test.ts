import type { AsyncStore } from '@diskcache/core'
import { expect, test, vi } from 'vitest'
import { ChangeLooks } from './change-looks.ts'

function looksAt(changeCount: AsyncStore['changeCount']): ChangeLooks {
  return new ChangeLooks({ changeCount } as AsyncStore)
}

test('ChangeLooks.countSince() looks once for all that had arrived', () => {
  const changeCount = vi.fn(() => 5)
  const looks = looksAt(changeCount)
  const arrivals = [looks.arrive(), looks.arrive(), looks.arrive()]
  expect(arrivals.map((arrival) => looks.countSince(arrival))).toEqual([5, 5, 5])
  expect(changeCount).toHaveBeenCalledTimes(1)
})

test('ChangeLooks.countSince() looks again for what arrived after a look', () => {
  let count = 5
  const looks = looksAt(() => count)
  const before = looks.arrive()
  expect(looks.countSince(before)).toBe(5)
  count = 6
  const after = looks.arrive()
  expect(looks.countSince(before)).toBe(5)
  expect(looks.countSince(after)).toBe(6)
})

test('ChangeLooks.count() always looks', () => {
  let count = 5
  const looks = looksAt(() => count++)
  expect([looks.count(), looks.count()]).toEqual([5, 6])
})

test.for([
  ['cannot tell', (): undefined => undefined],
  [
    'fails',
    () => {
      throw new Error('closed')
    },
  ],
  ['has no count', undefined],
] as const)('ChangeLooks.count() is undefined for a store that %s', ([, changeCount]) => {
  expect(looksAt(changeCount).count()).toBeUndefined()
})
