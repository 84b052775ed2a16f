import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCanonicalKey, encodeCanonicalKey } from './canonical-key.ts'

function bytes(key: unknown): string {
  return encodeCanonicalKey(key).toString('hex')
}

test('encodeCanonicalKey() gives equal keys equal bytes', () => {
  expect(bytes({ a: 1, b: [2n, 'x'] })).toBe(bytes({ b: [2, 'x'], a: 1.0 }))
  expect(bytes([-0])).toBe(bytes([0n]))
  expect(bytes([Buffer.from('ab')])).toBe(bytes([Uint8Array.of(97, 98)]))
  expect(bytes({ a: 1, b: undefined })).toBe(bytes({ a: 1 }))
  expect(bytes([Number.NaN])).toBe(bytes([0 / 0]))
  const shared = { s: 1 }
  expect(bytes([shared, shared])).toBe(bytes([{ s: 1 }, { s: 1 }]))
})

test('encodeCanonicalKey() gives different keys different bytes', () => {
  const keys = [
    null,
    true,
    false,
    [],
    {},
    [[]],
    [null],
    [undefined],
    [0],
    ['0'],
    [0.5],
    [new Date(0)],
    [2n ** 63n],
  ]
  const more = [
    ['a', 'b'],
    ['ab'],
    [['a'], 'b'],
    { a: 'b' },
    [Buffer.from('a')],
    ['a'],
    ['\ud800'],
    ['\ufffd'],
    Number.NaN,
  ]
  const all = [...keys, ...more].map(bytes)
  expect(new Set(all).size).toBe(all.length)
})

test('encodeCanonicalKey() is undone by decodeCanonicalKey(), to a key with the same bytes', () => {
  const part = fc.letrec((tie) => ({
    key: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.date(),
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.array(tie('key')),
      fc.dictionary(fc.string(), tie('key')),
    ),
  })).key
  fc.assert(
    fc.property(part, (key) => {
      const encoded = encodeCanonicalKey(key)
      expect(encodeCanonicalKey(decodeCanonicalKey(encoded))).toEqual(encoded)
    }),
    { numRuns: 2_000 },
  )
})

test('encodeCanonicalKey() keeps the value of a key', () => {
  const key = {
    id: 7,
    tags: ['a', undefined],
    when: new Date(5),
    big: 2n ** 70n,
    bytes: Buffer.from('b'),
    f: 0.5,
    n: -300,
  }
  expect(decodeCanonicalKey(encodeCanonicalKey(key))).toStrictEqual(key)
})

test('encodeCanonicalKey() keeps an own __proto__ apart from the prototype', () => {
  const key = decodeCanonicalKey(encodeCanonicalKey(JSON.parse('{"__proto__": {"polluted": 1}}'))) as object
  expect(Object.keys(key)).toEqual(['__proto__'])
  expect('polluted' in key).toBe(false)
})

test.each([
  ['key.a[1]', { a: [1, () => {}] }],
  ['key[0]', [Symbol('s')]],
  ['key.m', { m: new Map() }],
  ['key.d', { d: new (class Custom {})() }],
])('encodeCanonicalKey() throws TypeError that names %s', (path, key) => {
  expect(() => encodeCanonicalKey(key)).toThrow(TypeError)
  expect(() => encodeCanonicalKey(key)).toThrow(path)
})

test('encodeCanonicalKey() throws TypeError for a cycle', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  expect(() => encodeCanonicalKey(cycle)).toThrow(/nested more than 100 deep/)
})

test('decodeCanonicalKey() throws ERR_DISKCACHE_CORRUPT for any other bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
      try {
        decodeCanonicalKey(Buffer.from(array))
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_DISKCACHE_CORRUPT' })
      }
    }),
    { numRuns: 3_000 },
  )
})
