import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeStructured, encodeStructured } from '../structured-value.ts'

const ASCII = 'the quick brown fox jumps over the lazy dog '
const OTHERS = 'Grüße, 世界, 🦊 '

/** A text of `length` characters or one more, since no character is cut in two. */
function text(length: number, from: string): string {
  return from
    .repeat(Math.ceil(length / from.length))
    .slice(0, length)
    .toWellFormed()
}

function expectRoundTrip(value: unknown): void {
  expect(decodeStructured(encodeStructured(value))).toEqual(value)
}

test.each([
  ['ASCII', ASCII],
  ['other characters', OTHERS],
])('strings of %s come back, of every length around a limit', (_, from) => {
  const lengths = [0, 1, 15, 16, 31, 32, 99, 127, 128, 129, 255, 256, 65_535, 65_536]
  for (const length of lengths) expectRoundTrip(text(length, from))
  expectRoundTrip(lengths.map((length) => text(length, from)))
  expectRoundTrip(lengths.flatMap((length) => [text(length, ASCII), text(length, from)]))
})

test('strings come back from among all other kinds of values', () => {
  const bytes = [0, 1, 2, 4, 8, 16, 300, 70_000].map((size) => Buffer.alloc(size, 0xd9))
  const numbers = [0, -1, 127, 128, -33, 65_536, 2 ** 32, 2 ** 40, -(2 ** 40), 0.5, 2n ** 63n - 1n]
  const others = [
    null,
    true,
    false,
    new Date(0),
    new Set(['member']),
    new Map([['key', 'value']]),
    /pattern/g,
  ]
  const parts = [...bytes, ...numbers, ...others, [], {}, Array(20).fill(1), { nested: { deep: 'down' } }]
  expectRoundTrip(parts.flatMap((part, i) => [text(i * 7, ASCII), part, text(i, OTHERS)]))
})

test('more strings come back than one extraction gives', () => {
  expectRoundTrip(Array.from({ length: 1_000 }, (_, i) => (i % 2 ? `ascii ${i}` : `größer ${i}`)))
})

test('strings of random values come back', () => {
  const string = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 100, maxLength: 200 }),
  )
  const value = fc.anything({ values: [string, fc.integer(), fc.uint8Array()], maxDepth: 3, withMap: true })
  fc.assert(fc.property(value, fc.array(string), (some, strings) => expectRoundTrip([some, strings, some])))
})

test('a message that ends within a string is damaged', () => {
  const bytes = encodeStructured(['one string', 'another string', text(100, OTHERS), text(300, ASCII)])
  for (let end = 0; end < bytes.length; end += 1) {
    expect(() => decodeStructured(bytes.subarray(0, end))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }),
    )
  }
})

test('bytes that are no UTF-8 are replaced, as by TextDecoder', () => {
  const bytes = Buffer.from([0xa3, 0x61, 0xff, 0x62])
  expect(decodeStructured(bytes)).toBe('a\ufffdb')
})
