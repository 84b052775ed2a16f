import { expect, test } from 'vitest'
import { cutText, visibleParts, visibleText } from './visible-text.ts'

test.each([
  ['a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['\0\u001b[31m', '\\0\\u001b[31m'],
  ['two\r\nlines\t', 'two\\r\\nlines\\t'],
  ['\u2066zero\u200bwidth\ufeff', '\\u2066zero\\u200bwidth\\ufeff'],
  ['\ud83d', '\\ud83d'],
  ['\udc00\ud83d\ude00\ud83d', '\\udc00😀\\ud83d'],
  ['\u{e0041}', '\\u{e0041}'],
  ['naïve ☃ 👩‍👩‍👧 שלום', 'naïve ☃ 👩‍👩‍👧 שלום'],
])('visibleText() escapes what would not show: %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown)
})

test('visibleParts() tells an escape from a text that looks like one', () => {
  expect(visibleParts('\\n\n')).toEqual([
    { text: '\\n', isEscape: false },
    { text: '\\n', isEscape: true },
  ])
  expect(visibleParts('')).toEqual([])
})

test('visibleParts() keeps lines and tabs when asked, but no carriage return', () => {
  expect(visibleParts('a\n\tb\rc', true)).toEqual([
    { text: 'a\n\tb', isEscape: false },
    { text: '\\r', isEscape: true },
    { text: 'c', isEscape: false },
  ])
})

test('cutText() never cuts a character in two', () => {
  expect(cutText('a😀', 2)).toBe('a')
  expect(cutText('a😀b', 3)).toBe('a😀')
  expect(cutText('abc', 3)).toBe('abc')
})
