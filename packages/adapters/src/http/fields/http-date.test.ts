import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { dateOf } from './http-date.ts'

const NOW = Date.UTC(2026, 0, 1)
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37)
const ZONE = process.env.TZ

afterEach(() => {
  if (ZONE === undefined) delete process.env.TZ
  else process.env.TZ = ZONE
})

const FORMS = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']

for (const zone of ['UTC', 'America/New_York', 'Pacific/Kiritimati'])
  test(`dateOf() reads the three forms as UTC in ${zone}`, () => {
    process.env.TZ = zone
    for (const form of FORMS) {
      expect(dateOf(form, NOW)).toBe(EXAMPLE)
      expect(dateOf(form.toLowerCase(), NOW)).toBe(EXAMPLE)
    }
  })

test('dateOf() takes a year of two digits that is more than 50 years ahead for one of the past', () => {
  const yearOf = (digits: string, now = NOW) =>
    new Date(dateOf(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, now) ?? Number.NaN).getUTCFullYear()
  expect(['26', '76', '77', '99', '00'].map((digits) => yearOf(digits))).toEqual([
    2026, 2076, 1977, 1999, 2000,
  ])
  expect(yearOf('49', Date.UTC(1999, 0))).toBe(1949)
})

test('dateOf() takes a leap second for the one before, and the years before 100 as they are', () => {
  expect(dateOf('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59))
  expect(new Date(dateOf('Mon, 01 Jan 0070 00:00:00 GMT') ?? 0).getUTCFullYear()).toBe(70)
})

test('dateOf() reads what toUTCString() writes', () => {
  const seconds = fc.integer({ min: 0, max: 253_402_300_799 })
  fc.assert(
    fc.property(seconds, (time) => dateOf(new Date(time * 1_000).toUTCString(), NOW) === time * 1_000),
  )
})

const NO_DATES = [
  '',
  '0',
  '-1',
  '1994',
  'never',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 +0000',
  'Sun, 06 Nov 1994 08:49:37 EST',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 94 08:49:37 GMT',
  'Sunday, 06-Nov-1994 08:49:37 GMT',
  'Sun Nov 6 08:49:37 1994',
  'Sun Nov  6 08:49:37 1994 GMT',
  'Sun, 31 Feb 1994 08:49:37 GMT',
  'Sun, 00 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Nov 1994 08:60:37 GMT',
  'Sun, 06 Nov 1994 08:49:61 GMT',
  ' Sun, 06 Nov 1994 08:49:37 GMT',
  '1994-11-06T08:49:37Z',
  'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
]

for (const text of NO_DATES)
  test(`dateOf() refuses ${JSON.stringify(text)}`, () => {
    expect(dateOf(text, NOW)).toBeUndefined()
  })
