import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutMiddle, textWidth } from './text-width.ts'

test.each([
  ['abc', 3],
  ['Grüße', 5],
  ['u\u0308', 1],
  ['日本語', 6],
  ['ｱ', 1],
  ['Ａ', 2],
  ['한국', 4],
  ['👍', 2],
  ['👩‍🚀', 2],
  ['…', 1],
  ['', 0],
])('textWidth() of %s is %i', (text, width) => {
  expect(textWidth(text)).toBe(width)
})

test('cutMiddle() keeps the beginning and the end', () => {
  expect(cutMiddle('user:1234567890:profile', 12)).toBe('user:1…ofile')
  expect(cutMiddle('日本語のキー', 8)).toBe('日本…ー')
  expect(cutMiddle('short', 12)).toBe('short')
})

test('cutMiddle() never breaks a letter in two, nor is wider than it may be', () => {
  const letters = fc.constantFrom('a', 'b', '日', '👩‍🚀', 'u\u0308', '👍', 'é')
  fc.assert(
    fc.property(fc.array(letters), fc.integer({ min: 1, max: 30 }), (parts, width) => {
      const cut = cutMiddle(parts.join(''), width)
      expect(textWidth(cut)).toBeLessThanOrEqual(width)
      expect(cut.isWellFormed()).toBe(true)
      if (textWidth(parts.join('')) <= width) expect(cut).toBe(parts.join(''))
      else expect(cut).toContain('…')
    }),
  )
})

test('cutMiddle() cuts a text of megabytes, of letters or of marks without a width', () => {
  expect(textWidth(cutMiddle('日'.repeat(5_000_000), 20))).toBeLessThanOrEqual(20)
  expect(cutMiddle(`a${'\u0308'.repeat(5_000_000)}z`, 20).length).toBeLessThan(1_000)
})
