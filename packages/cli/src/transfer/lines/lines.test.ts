import vm from 'node:vm'
import { Disk, type EncodedKey, KeyForm, keyFromText, keyText, Mode } from '@diskcache/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writtenValue } from '../export/value-form.ts'
import { keyOf, storedDisk } from '../stores/stored-disk.ts'
import { entryLine, type LineEntry, lineEntry } from './entry-line.ts'
import { endLine, headerLine, lineEnd, lineHeader, lineMark, markLine } from './frame-lines.ts'
import { linePart, partLine } from './part-line.ts'
import { isPlainJson } from './plain-json.ts'
import { openLine, sealLine, WrongLine } from './sealed-line.ts'
import { StoredKey, StoredValue } from './stored-value.ts'

const disk = new Disk()

class Point {
  readonly x = 1
}

const classes = { Point: { type: Point, write: ({ x }: Point) => x, read: () => new Point() } }

/** A line of an entry, and the value that it gives, as the codec reads it. */
function through(value: unknown, codec = disk): { line: string; value: unknown } {
  const { mode, data } = codec.encodeValue(value)
  const line = entryLine(
    { key: 'k', expireTime: null, tags: [], pin: false },
    writtenValue(new StoredValue(mode, data), disk),
  )
  const read = reopened(line).value
  if ('json' in read) return { line, value: read.json }
  if (!('stored' in read)) throw new Error('no value')
  return { line, value: codec.decodeValue(read.stored.mode, read.stored.data) }
}

function reopened(line: string): LineEntry {
  const { bytes } = sealLine(line)
  return lineEntry(openLine(bytes.subarray(0, -1), true).members)
}

const shared = { one: 1 }
const cycle: unknown[] = []
cycle.push(cycle)
const sparse: unknown[] = [1, 2, 3]
delete sparse[1]

const PLAIN: unknown[] = [
  null,
  true,
  '',
  '\ud800',
  'a\u2028\n"\\',
  0,
  1.5,
  -1e300,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  { a: [1, { b: null }] },
  JSON.parse('{"__proto__": {"a": 1}, "toJSON": 1, "constructor": 2}'),
]

const OTHERS: unknown[] = [
  -0,
  Number.NaN,
  Infinity,
  undefined,
  2n ** 60n,
  5n,
  3n ** 200n,
  { a: undefined },
  [undefined],
  [-0],
  sparse,
  Object.assign([1, 2], { extra: 1 }),
  Object.assign(sparse.slice(), { extra: 1 }),
  /b(?<c>c)/.exec('abc'),
  [shared, shared],
  cycle,
  new Map([[{ a: 1 }, new Set([1])]]),
  new Date(0),
  new Date(Number.NaN),
  /a\/b/giu,
  new TypeError('t', { cause: { a: -0 } }),
  new DOMException('late', 'TimeoutError'),
  [new Uint8Array([1]), new Float64Array([-0]), new BigInt64Array([-1n]), new Uint8ClampedArray([9])],
  new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
  new Uint8Array([1, 2, 3]).buffer,
  [Object('s'), Object(-0), Object(7n)],
  vm.runInNewContext('({ map: new Map([[1, [1, 2]]]), r: /r/g })'),
]

describe('entryLine() keeps every value', () => {
  test.each(PLAIN.map((value) => [value]))('%j as JSON', (value) => {
    const { line, value: read } = through(value)
    expect(line).toContain(`"value":${JSON.stringify(value)}`)
    expect(read).toStrictEqual(value)
  })

  test.each(OTHERS.map((value) => [value]))('%o as it is stored', (value) => {
    const { line, value: read } = through(value)
    expect(line).toContain('"stored":')
    expect(read).toStrictEqual(structuredClone(value))
  })

  test('bytes, which come back as such', () => {
    expect(through(Buffer.from([0, 255]))).toMatchObject({ value: Buffer.from([0, 255]) })
  })

  test('instances of classes that the export does not know', () => {
    const { line, value } = through([new Point()], new Disk({ classes }))
    expect(line).toContain('"stored":')
    expect((value as unknown[])[0]).toBeInstanceOf(Point)
  })

  test('what is compressed, as JSON where it is that', () => {
    const text = 'x'.repeat(10_000)
    expect(through({ text }, new Disk({ compression: true }))).toMatchObject({
      value: { text },
      line: expect.stringContaining('"value":'),
    })
    const map = new Map([[1, text]])
    expect(through(map, new Disk({ compression: true }))).toMatchObject({ value: map })
  })

  test('any value at all', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withUnicodeString: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        const { mode, data } = disk.encodeValue(value)
        expect(through(value).value).toStrictEqual(disk.decodeValue(mode, data))
      }),
    )
  })
})

const KEYS: unknown[] = [
  ...['', 'user:1', 'i1', '\ud800', 'a\u0000b', 0, 1, -1, 1.5, 1e300, -0, Infinity, 2 ** 53, 2 ** 60],
  ...[
    2n ** 60n,
    -(2n ** 63n),
    3n ** 100n,
    true,
    null,
    Buffer.from([0, 255]),
    new Date(5),
    [1, [undefined]],
    { b: 1, a: '\ud800' },
  ],
]

describe('entryLine() keeps keys', () => {
  test.each(KEYS.map((key) => [key]))('%o', (key) => {
    expect(encodedThrough(disk.encodeKey(key as string))).toEqual(disk.encodeKey(key as string))
  })

  test('as they are, where they are strings or numbers', () => {
    expect(keyOf(disk.encodeKey('1'))).toBe('1')
    expect(keyOf(disk.encodeKey(1))).toBe(1)
    expect(keyOf(disk.encodeKey(1e300))).toBe(1e300)
    expect(keyOf(disk.encodeKey(2n ** 60n))).toBeInstanceOf(StoredKey)
  })

  test('of another codec', () => {
    const encoded: EncodedKey = { key: Buffer.from([1, 2, 3]), form: KeyForm.canonical }
    expect(keyFromText(keyText(encodedThrough(encoded)))).toEqual(encoded)
  })

  function encodedThrough(encoded: EncodedKey): EncodedKey {
    const options = { key: keyOf(encoded), expireTime: null, tags: [], pin: false } as const
    const { key } = reopened(entryLine(options, { jsonText: '1' }))
    return storedDisk(Disk.codec).encodeKey(key)
  }
})

describe('entryLine() keeps', () => {
  test('expiry, tags and pin, which it leaves out where there are none', () => {
    const tags = ['', 'a"b', 1, -0.5, Infinity, Buffer.from([0, 255])]
    const options = { key: 'k', expireTime: 1_700_000_000_123, tags, pin: 'share' } as const
    expect(reopened(entryLine(options, { jsonText: '1' }))).toEqual({ ...options, value: { json: 1 } })
    const plain = entryLine({ key: 'k', expireTime: null, tags: [], pin: false }, { jsonText: '1' })
    expect(plain).toBe('{"key":"k","value":1}')
  })

  test('that a value is in parts', () => {
    const parts = { mode: Mode.raw, form: 'b' }
    const options = { key: 'k', expireTime: null, tags: [], pin: false } as const
    expect(reopened(entryLine(options, { parts })).value).toEqual({ parts })
  })
})

test('the lines around entries say what they were given', () => {
  const open = (line: string) => openLine(sealLine(line).bytes.subarray(0, -1), true).members
  const from = { kind: 'cache', name: '/tmp/a', codec: 'msgpack', settings: { sizeLimit: 1 } }
  const header = { created: 'now', from, only: { prefix: 'a' }, sums: true }
  expect(lineHeader(open(headerLine(header)))).toEqual(header)
  const counts = { entries: 1, python: 2, damaged: 3, expired: 4 }
  expect(lineEnd(open(endLine(counts)))).toEqual(counts)
  for (const by of [null, 5n, 1.5, 'text', Buffer.from([1])]) {
    const mark = { counts, place: { by, form: 1, part: 2, row: 2n ** 60n } }
    expect(lineMark(open(markLine(mark)))).toEqual(mark)
  }
  const part = { number: 7, bytes: Buffer.from([1, 2, 3]), end: 'whole' } as const
  expect(linePart(open(partLine(part)), 7)).toEqual(part)
  expect(() => linePart(open(partLine(part)), 6)).toThrow(WrongLine)
})

describe('openLine()', () => {
  const { bytes, sum } = sealLine(
    entryLine({ key: 'k', expireTime: 5, tags: ['t'], pin: true }, { jsonText: '{"a":[1,2]}' }),
  )
  const line = bytes.subarray(0, -1)

  test('refuses every line that was changed, cut off or added to', () => {
    const damage = fc.oneof(
      fc.tuple(fc.nat(line.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
        const copy = Buffer.from(line)
        copy[at] = (copy[at] as number) ^ bits
        return copy
      }),
      fc.nat(line.length - 1).map((end) => line.subarray(0, end)),
      fc.nat(line.length - 1).map((start) => line.subarray(start + 1)),
      fc
        .tuple(fc.nat(line.length), fc.uint8Array({ minLength: 1, maxLength: 9 }))
        .map(([at, more]) => Buffer.concat([line.subarray(0, at), more, line.subarray(at)])),
    )
    fc.assert(
      fc.property(damage, (changed) => {
        expect(() => openLine(changed, true)).toThrow(WrongLine)
      }),
      { numRuns: 2_000 },
    )
  })

  test('refuses the line of a part in another place', () => {
    const part = sealLine(partLine({ number: 0, bytes: Buffer.from('a') }), sum)
    expect(openLine(part.bytes.subarray(0, -1), true, sum).sum).toBe(part.sum)
    expect(() => openLine(part.bytes.subarray(0, -1), true, sum + 1)).toThrow(WrongLine)
  })

  test('takes lines of other hands, where no line has a sum', () => {
    const members = { key: 1, value: 2 }
    expect(openLine(Buffer.from(' {"value": 2, "key": 1} '), false)).toEqual({ members, sum: 0 })
    for (const text of ['', '[]', '1', '{', '{"key":1,"sum":"0"}', Buffer.from([0x22, 0xff, 0x22])])
      expect(() => openLine(Buffer.from(text), false)).toThrow(WrongLine)
  })
})

test('lineEntry() refuses what is no entry, and never throws anything else', () => {
  const wrong = [
    {},
    { key: 'k' },
    { value: 1 },
    { key: 'k', id: 'sk', value: 1 },
    { key: 'k', value: 1, stored: { mode: 1, form: 'n', base64: '' } },
    { key: null, value: 1 },
    { id: 'x', value: 1 },
    { key: 'k', value: 1, more: 1 },
    { key: 'k', value: 1, expires: '5' },
    { key: 'k', value: 1, tags: [null] },
    { key: 'k', value: 1, pin: 1 },
    { key: 'k', stored: { mode: 4, form: 'b', base64: '' } },
    { key: 'k', stored: { mode: 5, form: 's', base64: '' } },
    { key: 'k', stored: { mode: 1, form: 'i', base64: 'AA==' } },
    { key: 'k', stored: { mode: 1, form: 'b', base64: 'A' } },
    { key: 'k', stored: { mode: 1, form: 'b', base64: 'AA==', parts: false } },
  ]
  for (const members of wrong) expect(() => lineEntry(members), JSON.stringify(members)).toThrow(WrongLine)
  const members = fc.dictionary(
    fc.constantFrom('key', 'id', 'value', 'stored', 'expires', 'tags', 'pin'),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(members, (any) => {
      for (const read of [lineEntry, lineHeader, lineMark, lineEnd, (one: typeof any) => linePart(one, 0)]) {
        try {
          read(any)
        } catch (error) {
          expect(error).toBeInstanceOf(WrongLine)
        }
      }
    }),
  )
})

test('isPlainJson() says yes only to what JSON gives back', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      if (isPlainJson(value)) expect(JSON.parse(JSON.stringify(value))).toStrictEqual(value)
    }),
  )
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) =>
      isPlainJson(JSON.parse(JSON.stringify(value))),
    ),
  )
})
