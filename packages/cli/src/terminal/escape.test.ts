import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeControls, escapeJson, escapeText } from './escape.ts'

test.each([
  ['a terminal sequence', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
  ['a C1 control', '\x9b31m', '\\x9b31m'],
  ['lines and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
  ['a mark of direction', 'exe\u202egpj', 'exe\\u{202e}gpj'],
  ['a separator of lines', 'a\u2028b', 'a\\u{2028}b'],
  ['half of a surrogate', 'a\ud800b', 'a\\u{d800}b'],
  ['an invisible letter', 'a\u{e0041}b', 'a\\u{e0041}b'],
])('escapeControls() escapes %s', (_, text, escaped) => {
  expect(escapeControls(text)).toBe(escaped)
})

test('escapeControls() leaves letters of all scripts, and pictures of several parts', () => {
  const text = 'Grüße, 日本語, हिन्दी, می‌خواهم, 👩‍🚀'
  expect(escapeControls(text)).toBe(text)
})

test('escapeText() leaves lines and tabs, and nothing else that a terminal acts on', () => {
  expect(escapeText('a\n\tb\r\x1b[2J')).toBe('a\n\tb\\r\\x1b[2J')
})

test('escapeJson() says the same, without what a terminal acts on', () => {
  const value = { a: '\x1b\x9b31m\u202e\u{e0041}日本\n', b: [1] }
  const json = escapeJson(JSON.stringify(value, undefined, 2))
  expect(JSON.parse(json)).toEqual(value)
  expect(json).toContain('\\u009b31m\\u202e\\udb40\\udc41日本')
  expect(json.split('\n')).toHaveLength(6)
})

test('escapeControls() leaves no control character, of any text', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const controls = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
  const letter = fc.oneof(fc.nat(0x2fff), fc.nat(0x10ffff)).map((point) => String.fromCodePoint(point))
  const texts = fc.array(letter).map((letters) => letters.join(''))
  fc.assert(fc.property(texts, (text) => !controls.test(escapeControls(text))))
})
