import { expect, it } from 'vitest'
import { durationText } from './duration-text.ts'

it.each([
  [0, '0.00 µs'],
  [950, '0.95 µs'],
  [12_345, '12.3 µs'],
  [999_000, '999 µs'],
  [1_234_567, '1.23 ms'],
  [2_500_000_000, '2.50 s'],
])('durationText() writes %d ns as %s', (nanoseconds, text) => {
  expect(durationText(nanoseconds)).toBe(text)
})
