import { expect, test } from 'vitest'
import { counted, formatBytes, formatCount, parseSize } from './sizes.ts'

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1 KiB'],
  [1_536, '1.5 KiB'],
  [10 * 1_024 + 512, '11 KiB'],
  [1_048_575, '1 MiB'],
  [2 ** 30, '1 GiB'],
  [3.5 * 2 ** 40, '3.5 TiB'],
])('formatBytes(%i) is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('formatCount() and counted() have commas, and one of one', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect([0, 1, 2].map((count) => counted(count, 'entry', 'entries'))).toEqual([
    '0 entries',
    '1 entry',
    '2 entries',
  ])
})

test.each([
  ['512', 512],
  ['10MiB', 10 * 2 ** 20],
  ['10 mib', 10 * 2 ** 20],
  ['1.5K', 1_536],
  ['10MB', 10_000_000],
  ['2G', 2 ** 31],
])('parseSize(%s) is %i', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each(['', 'MiB', '-1', '10 XB', '1e9', '10MiBs', '99999999999T', 'NaN'])(
  'parseSize(%s) is refused',
  (text) => {
    expect(() => parseSize(text)).toThrow('is not a size')
  },
)
