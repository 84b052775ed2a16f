import { expect, test } from 'vitest'
import { agoText, expiryText, spanText } from './times.ts'

test.each([
  [-5, 'now'],
  [999, 'now'],
  [1000, '1 s'],
  [3 * 60_000 + 59_999, '3 min'],
  [26 * 3_600_000, '1 d'],
])('spanText(%d) is %s', (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text)
})

test('agoText() and expiryText() say when, seen from now', () => {
  expect(agoText(0, 120_000)).toBe('2 min ago')
  expect(agoText(5, 0)).toBe('just now')
  expect(expiryText(null, false, 0)).toBe('never')
  expect(expiryText(10_500, false, 0)).toBe('in 10 s')
  expect(expiryText(500, false, 0)).toBe('in less than 1 s')
  expect(expiryText(500, false, 500)).toBe('expired')
  expect(expiryText(500, true, 0)).toBe('expired')
})
