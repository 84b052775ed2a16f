import { expect, test } from 'vitest'
import { formatBytes, formatSeconds, formatShare, formatTime } from './quantities.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_499, '1 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [64_000_000, '64.0 MB'],
])('formatBytes(%i) gives %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0.04, '0.0 ms'],
  [43.2, '43 ms'],
  [2_100, '2.1 s'],
  [245_000, '4 min 05 s'],
])('formatTime(%d) gives %s', (time, text) => {
  expect(formatTime(time)).toBe(text)
})

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min 00 s'],
  [12_000_000, '3 h 20 min'],
])('formatSeconds(%i) gives %s', (time, text) => {
  expect(formatSeconds(time)).toBe(text)
})

test('formatShare() rounds to whole parts of a hundred', () => {
  expect([0, 0.874, 1].map(formatShare)).toEqual(['0 %', '87 %', '100 %'])
})
