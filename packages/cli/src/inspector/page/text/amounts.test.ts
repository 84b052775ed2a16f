import { expect, test } from 'vitest'
import { bytesText, countOf, hitRate, shareText } from './amounts.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [640e6, '610 MiB'],
  [2 ** 40 * 5000, '5,000 TiB'],
])('bytesText(%d) is %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test('countOf() knows one from many', () => {
  expect([0, 1, 1234].map((count) => countOf(count, 'entry', 'entries'))).toEqual([
    '0 entries',
    '1 entry',
    '1,234 entries',
  ])
})

test('hitRate() of no reads is unknown, not 0', () => {
  expect(hitRate({ hits: 0, misses: 0 })).toBe(undefined)
  expect(shareText(hitRate({ hits: 964, misses: 36 }) ?? 0)).toBe('96.4 %')
})
