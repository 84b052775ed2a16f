import { expect, test } from 'vitest'
import { byteRangeOf, rangeWithin } from './byte-range.ts'

test.for([
  [undefined, 0, Infinity],
  [{}, 0, Infinity],
  [{ start: undefined, end: undefined }, 0, Infinity],
  [{ start: 3 }, 3, Infinity],
  [{ end: 3 }, 0, 3],
  [{ start: 3, end: 3 }, 3, 3],
  [{ start: 3, end: Infinity }, 3, Infinity],
] as const)('byteRangeOf(%o) is from %d to %d', ([options, start, end]) => {
  expect(byteRangeOf(options)).toEqual({ start, end })
})

test.for([
  [{ start: -1 }, RangeError, 'Cannot use start: expected an integer of at least 0, got -1'],
  [{ start: 0.5 }, RangeError, 'Cannot use start: expected an integer of at least 0, got 0.5'],
  [{ start: Number.NaN }, RangeError, 'Cannot use start: expected an integer of at least 0, got NaN'],
  [{ start: Infinity }, RangeError, 'Cannot use start: expected an integer of at least 0, got Infinity'],
  [{ start: 5, end: 3 }, RangeError, 'Cannot use end: expected an integer of at least 5, or Infinity, got 3'],
  [{ end: -1 }, RangeError, 'Cannot use end: expected an integer of at least 0, or Infinity, got -1'],
  [{ start: '1' }, TypeError, "Cannot use start: expected a number, got '1'"],
  [{ end: 1n }, TypeError, 'Cannot use end: expected a number, got 1n'],
  [{ end: null }, TypeError, 'Cannot use end: expected a number, got null'],
  [{ length: 1 }, TypeError, "Cannot use the options of read: unknown option 'length', known are start, end"],
  [null, TypeError, 'Cannot use the options of read: expected an object, got null'],
  [7, TypeError, 'Cannot use the options of read: expected an object, got 7'],
] as const)('byteRangeOf(%o) throws', ([options, type, message]) => {
  expect(() => byteRangeOf(options as never)).toThrow(type)
  expect(() => byteRangeOf(options as never)).toThrow(message)
})

test.for([
  [0, 0, Infinity, 0, 0],
  [10, 0, Infinity, 0, 10],
  [10, 3, 7, 3, 7],
  [10, 9, 11, 9, 10],
  [10, 10, 11, 10, 10],
  [10, 2 ** 60, Infinity, 10, 10],
] as const)('rangeWithin() of %d bytes, from %d to %d, is %d to %d', ([size, start, end, from, to]) => {
  expect(rangeWithin(size, { start, end })).toEqual({ start: from, end: to })
})
