import { expect, test } from 'vitest'
import { formatAge, formatDuration, formatTime, parseDuration } from './durations.ts'

const HOUR = 3_600_000

test.each([
  [340, '340 ms', '340 ms'],
  [12_000, '12 s', '12 s'],
  [90_000, '1 min 30 s', '1 min'],
  [HOUR + 5 * 60_000, '1 h 5 min', '1 h'],
  [51 * HOUR, '2 d 3 h', '2 d'],
  [Number.POSITIVE_INFINITY, 'for ever', 'for ever'],
])('formatDuration() and formatAge() of %d', (milliseconds, duration, age) => {
  expect([formatDuration(milliseconds), formatAge(milliseconds)]).toEqual([duration, age])
})

test('formatAge() of what a clock puts into the future is nothing', () => {
  expect(formatAge(-5_000)).toBe('0 ms')
})

test('formatTime() gives a moment, also one that no date has', () => {
  expect(formatTime(0)).toBe('1970-01-01T00:00:00.000Z')
  expect(formatTime(1e300)).toBe('1e+300')
})

test.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['15m', 900_000],
  ['15min', 900_000],
  ['2h', 2 * HOUR],
  ['7d', 168 * HOUR],
  ['1h30m', 1.5 * HOUR],
  ['0.5h', HOUR / 2],
  ['0', 0],
  ['never', Number.POSITIVE_INFINITY],
])('parseDuration(%s) is %d', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

test.each(['', '5', '-5s', 's', '5y', '5s later', '1e3s', '99999999999999d'])(
  'parseDuration(%s) is refused',
  (text) => {
    expect(() => parseDuration(text)).toThrow('is not a duration')
  },
)
