import { describe, expect, test } from 'vitest'
import { checkCounter, counterSum } from './counter-sum.ts'

describe('counterSum()', () => {
  const MAX = Number.MAX_SAFE_INTEGER

  test('adds to the value, or to the initial one', () => {
    expect(counterSum('k', { value: 2 }, 5, 3)).toBe(5)
    expect(counterSum('k', undefined, 5, 3)).toBe(8)
    expect(counterSum('k', { value: 0.5 }, null, -1)).toBe(-0.5)
    expect(counterSum('k', { value: 2n ** 60n }, 0, -(2 ** 60))).toBe(0)
    expect(counterSum('k', { value: MAX - 1 }, 0, 1)).toBe(MAX)
  })

  test('refuses what would not be exact, what is no number, and what is missing', () => {
    expect(() => counterSum('k', { value: MAX }, 0, 1)).toThrow(RangeError)
    expect(() => counterSum('k', { value: MAX }, 0, 1)).toThrow(expect.objectContaining({ key: 'k' }))
    expect(() => counterSum('k', { value: 2n ** 60n }, 0, 1)).toThrow(RangeError)
    for (const value of ['1', null, undefined, true])
      expect(() => counterSum('k', { value }, 0, 1)).toThrow(TypeError)
    const missing = () => counterSum('k', undefined, null, 1)
    expect(missing).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_KEY_MISSING', key: 'k' }))
  })
})

test('checkCounter() names what cannot be used', () => {
  expect(checkCounter(1, { tag: 't' })).toEqual({ initial: 0, write: { tag: 't' } })
  expect(checkCounter(1, { initial: null })).toEqual({ initial: null, write: {} })
  expect(() => checkCounter(Number.NaN, {})).toThrow('delta')
  expect(() => checkCounter(1, { initial: '1' as never })).toThrow('initial: expected a number or null, got')
  expect(() => checkCounter(1, { other: 1 } as never)).toThrow("'other'")
})
