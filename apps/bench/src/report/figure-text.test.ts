import { expect, it } from 'vitest'
import { figureText, millisecondsText } from './figure-text.ts'

it.each([
  [0.00095, '0.95 µs'],
  [0.012345, '12.3 µs'],
  [0.999, '999 µs'],
  [1.234567, '1.23 ms'],
  [2_500, '2.50 s'],
])('millisecondsText() writes %d ms as %s', (milliseconds, text) => {
  expect(millisecondsText(milliseconds)).toBe(text)
})

it.each([
  [0.0123, '0.012'],
  [1.004, '1.00'],
  [23.46, '23.5'],
  [1234.5, '1,235'],
])('figureText() writes %d as %s', (figure, text) => {
  expect(figureText(figure)).toBe(text)
})
