import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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

describe('encodeCanonicalKey() refuses', () => {
  const named = Object.assign(['a'], { name: 'b' })
  const symbol = Symbol('of a key')
  // biome-ignore lint/suspicious/noSparseArray: that is what is refused
  const sparse = ['a', , 'b']

  test.for<[string, unknown]>([
    ['an array with a named property', named],
    ['a match of a regular expression', 'ab'.match(/a/)],
    ['a sparse array', sparse],
    ['an array of holes', new Array(3)],
    ['an array with a symbol', Object.assign(['a'], { [symbol]: 1 })],
    ['an object with a symbol', { a: 1, [symbol]: 1 }],
    ['any of these inside', { a: [named] }],
    ['arrays of another realm with a named property', runInNewContext("Object.assign(['a'], { name: 'b' })")],
  ])('%s, which is not what it looks like', ([, key]) => {
    expect(() => encodeCanonicalKey(key)).toThrow(TypeError)
    expect(() => encodeCanonicalKey(key)).toThrow(/^Cannot use key/)
  })

  test('shared references that multiply, by parts and by bytes', () => {
    let parts: unknown = 'part'
    for (let i = 0; i < 90; i++) parts = [parts, parts]
    expect(() => encodeCanonicalKey(parts)).toThrow('Cannot use a key of more than 1048576 parts')
    let bytes: unknown = 'x'.repeat(2 ** 16)
    for (let i = 0; i < 15; i++) bytes = { a: bytes, b: bytes }
    expect(() => encodeCanonicalKey(bytes)).toThrow('Cannot use a key of more than 67108864 bytes')
  })

  test('bigints of more than 65,536 bits', () => {
    const longest = 2n ** 65_536n - 1n
    for (const key of [longest, -longest, [longest]])
      expect(decodeCanonicalKey(encodeCanonicalKey(key))).toEqual(key)
    for (const key of [longest + 1n, -longest - 1n, [1n << 500_000_000n]])
      expect(() => encodeCanonicalKey(key)).toThrow(/bigint of more than 65,536 bits/)
  })
})

test.for<[string, Buffer]>([
  ['20 MB of digits', extension(2, Buffer.alloc(20_000_000, '1'))],
  ['digits that are none', extension(2, Buffer.from(' 0x10 '))],
  ['20 MB of small integers', Buffer.concat([Buffer.from('dd01312d00', 'hex'), Buffer.alloc(20_000_000)])],
  ['100 MB', Buffer.concat([Buffer.from('c605f5e100', 'hex'), Buffer.alloc(100_000_000)])],
  ['a name that is a number', Buffer.from('810102', 'hex')],
])('decodeCanonicalKey() takes %s for damage', ([, bytes]) => {
  expect(() => decodeCanonicalKey(bytes)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
})

function extension(code: number, content: Buffer): Buffer {
  const head = Buffer.from([0xc9, 0, 0, 0, 0, code])
  head.writeUInt32BE(content.length, 1)
  return Buffer.concat([head, content])
}

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
