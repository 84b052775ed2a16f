import { describe, expect, test, vi } from 'vitest'
import { checkTtl, drawTtl, withDefaultTtl } from './write-options.ts'

describe('drawTtl()', () => {
  test('reaches both ends of a range, and nothing beyond them', () => {
    const drawn = new Set(Array.from({ length: 1_000 }, () => drawTtl({ min: 3, max: 5 })))
    expect([...drawn].sort()).toEqual([3, 4, 5])
  })

  test.for([
    [{ min: 0, max: 0 }, 0, 0],
    [{ min: 7, max: 7 }, 7, 7],
    [{ min: 1.25, max: 1.5 }, 1.25, 1.5],
    [{ min: 0, max: Number.MAX_VALUE }, 0, Number.MAX_VALUE],
    [{ min: 50_000, max: 60_000 }, 50_000, 60_000],
  ] as const)('stays within %o, whatever is drawn', ([range, least, most]) => {
    for (const drawn of [0, 0.5, 1 - 2 ** -53]) {
      vi.spyOn(Math, 'random').mockReturnValue(drawn)
      const ttl = drawTtl(range)
      vi.restoreAllMocks()
      expect(ttl).toBeGreaterThanOrEqual(least)
      expect(ttl).toBeLessThanOrEqual(most)
    }
  })

  test('gives a number as it is', () => {
    expect([drawTtl(0), drawTtl(1.5), drawTtl(Infinity)]).toEqual([0, 1.5, Infinity])
  })
})

describe('checkTtl()', () => {
  test('keeps a copy of a range, which nobody changes afterwards', () => {
    const range = { min: 1, max: 2 }
    const checked = checkTtl(range)
    range.max = 0
    expect(checked).toEqual({ min: 1, max: 2 })
  })

  test.for([
    [null, TypeError, 'Cannot use ttl: expected a number or { min, max }, got null'],
    ['1h', TypeError, "Cannot use ttl: expected a number or { min, max }, got '1h'"],
    [[1, 2], TypeError, 'Cannot use ttl: expected an object, got [ 1, 2 ]'],
    [{}, TypeError, 'Cannot use ttl: expected both min and max, or a number, got {}'],
    [{ min: '1', max: 2 }, TypeError, "Cannot use ttl.min: expected a number, got '1'"],
    [-1, RangeError, 'Cannot use ttl: expected a number of at least 0, or Infinity, got -1'],
    [{ min: 0, max: -1 }, RangeError, 'Cannot use ttl.max: expected a number of at least 0, got -1'],
  ] as const)('refuses %o', ([ttl, kind, message]) => {
    expect(() => checkTtl(ttl)).toThrow(kind)
    expect(() => checkTtl(ttl)).toThrow(message)
  })
})

test('withDefaultTtl() gives a time to live to writes without one alone', () => {
  expect(withDefaultTtl(undefined, undefined)).toBeUndefined()
  expect(withDefaultTtl(undefined, 5)).toEqual({ ttl: 5 })
  expect(withDefaultTtl({ ttl: undefined, tag: 't' }, 5)).toEqual({ ttl: 5, tag: 't' })
  for (const ttl of [0, 7, Infinity]) expect(withDefaultTtl({ ttl }, 5)).toEqual({ ttl })
})
