import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Mode } from './columns.ts'
import { Disk, makeDisk } from './disk.ts'
import { ForeignKey } from './foreign-key.ts'
import { JSONDisk } from './json-disk.ts'

const disk = new Disk()

describe('Disk.encodeKey()', () => {
  test.each([
    ['a string', 'key', { key: 'key', form: 1 }],
    ['an integer', 7, { key: 7n, form: 1 }],
    ['a bigint', 7n, { key: 7n, form: 1 }],
    ['the largest integer', 2n ** 63n - 1n, { key: 2n ** 63n - 1n, form: 1 }],
    ['an integer beyond int64', 2 ** 63, { key: 2 ** 63, form: 1 }],
    ['negative zero', -0, { key: 0n, form: 1 }],
    ['a fraction', 0.5, { key: 0.5, form: 1 }],
    ['bytes', Uint8Array.of(1, 2), { key: Buffer.of(1, 2), form: 1 }],
  ])('keeps %s as it is', (_, key, columns) => {
    expect(disk.encodeKey(key)).toEqual(columns)
  })

  test('takes bytes of another realm for the same key', () => {
    expect(disk.encodeKey(runInNewContext('Uint8Array.of(1, 2)'))).toEqual(
      disk.encodeKey(Uint8Array.of(1, 2)),
    )
    expect(disk.encodeKey([runInNewContext('Uint8Array.of(1, 2)')])).toEqual(
      disk.encodeKey([Uint8Array.of(1, 2)]),
    )
  })

  test('refuses detached bytes, which look like none', () => {
    const bytes = Uint8Array.of(1, 2)
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    expect(() => disk.encodeKey(bytes)).toThrow(TypeError)
    expect(disk.encodeKey(new Uint8Array())).toEqual({ key: Buffer.alloc(0), form: 1 })
  })

  test.each([true, null, Number.NaN, [1], { a: 1 }, new Date(1), 2n ** 63n, '\ud800'])(
    'encodes %o',
    (key) => {
      const columns = disk.encodeKey(key)
      expect(columns.form).toBe(2)
      expect(disk.decodeKey(columns)).toEqual(key)
    },
  )

  test.each([undefined, () => {}, Symbol('s'), new Map(), [new Set()]])('throws TypeError for %o', (key) => {
    expect(() => disk.encodeKey(key as never)).toThrow(TypeError)
  })

  test('hands a foreign key back as it was', () => {
    const pickle = Buffer.from('pickle')
    const key = disk.decodeKey({ key: pickle, form: 0 })
    expect(key).toBeInstanceOf(ForeignKey)
    expect(disk.encodeKey(key)).toEqual({ key: pickle, form: 0 })
  })
})

test.for<[string, unknown, unknown]>([
  ['a pickle that is a number', 5n, 0],
  ['canonical bytes that are text', 'text', 2],
  ['a plain key that is null', null, 1],
  ['a form that is unknown', 'text', 7],
  ['a form that is none', 'text', null],
])('Disk.decodeKey() takes %s for damage', ([, key, form]) => {
  expect(() => disk.decodeKey({ key, form } as never)).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }),
  )
})

test('Disk keeps every value', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    maxDepth: 2,
  })
  const property = fc.property(anything, (value) => {
    const { mode, data } = disk.encodeValue(value)
    expect(disk.decodeValue(mode, data)).toStrictEqual(structuredClone(value))
  })
  fc.assert(property, { numRuns: 1_000 })
})

test.each([
  ['text', 'raw', 'text'],
  ['safe integer', 5, 5n],
  ['large number', 2 ** 60, 2 ** 60],
  ['negative zero', -0, -0],
  ['unsafe bigint', 2n ** 60n, 2n ** 60n],
  ['bytes', Uint8Array.of(1), Buffer.of(1)],
  ['null', null, null],
])('Disk.encodeValue() keeps %s in a column that Python reads', (_, value, column) => {
  const encoded = disk.encodeValue(value === 'raw' ? 'text' : value)
  expect(encoded.mode).toBe(Mode.raw)
  expect(encoded.data).toStrictEqual(column)
})

test.each([
  ['abc', 38_600_999],
  ['key', 42_402_122],
  [1.5, new Disk().hash(1.5)],
  [1.5, 147_325_240],
  ['ü', 38_011_264],
  [Buffer.from('bytes'), 107_741_736],
  [4_294_967_296, 1],
  [-1, 4_294_967_294],
])('Disk.hash(%o) is what Python computes', (key, hash) => {
  expect(disk.hash(key)).toBe(hash)
})

test.each([Disk, JSONDisk])(
  'new %o() refuses an option that it does not know, and no subclass does',
  (Codec) => {
    for (const options of [{ compresion: true }, { classes: 'plain', foo: 1 }, null, 7])
      expect(() => new Codec(options as never)).toThrow(/^Cannot use the options of (JSON)?Disk: /)
    expect(new Codec({ classes: 'plain', compression: undefined }).classes).toBe('plain')
    class Own extends Codec {}
    expect(new Own({ own: 1 } as never)).toBeInstanceOf(Codec)
  },
)

describe('JSONDisk', () => {
  const json = new JSONDisk()

  test('keeps what JSON keeps', () => {
    const value = { a: [1, null, 'ü', true], b: { c: 1.5 } }
    const { mode, data } = json.encodeValue(value)
    expect(json.decodeValue(mode, data)).toEqual(value)
  })

  test('compresses as hard as its level says, and reads every level', () => {
    const value = Array.from({ length: 2_000 }, (_, i) => ({ name: `name ${i % 97}`, root: Math.sqrt(i) }))
    const lengths = [0, 1, 9].map((level) => {
      const leveled = new JSONDisk()
      leveled.compressLevel = level
      const { mode, data } = leveled.encodeValue(value)
      expect(json.decodeValue(mode, data)).toEqual(value)
      return (data as Buffer).length
    })
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a))
    expect(new Set(lengths).size).toBe(3)
  })

  test.each([undefined, () => {}, 1n])('refuses %o', (value) => {
    expect(() => json.encodeValue(value)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' }),
    )
  })

  test('inflates no more than maxLength', () => {
    class SmallJSONDisk extends JSONDisk {
      override readonly maxLength = 1_000
    }
    const { mode, data } = json.encodeValue('x'.repeat(2_000))
    expect(() => new SmallJSONDisk().decodeValue(mode, data)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }),
    )
    expect(() => new SmallJSONDisk().encodeValue('x'.repeat(2_000))).toThrow(/maxLength 1000/)
  })
})

test('makeDisk() refuses classes that a codec does not hand on', () => {
  class Deaf extends Disk {
    static override readonly codec = 'deaf'
    constructor() {
      super({})
    }
  }
  class Heir extends Disk {}
  const classes = { box: { type: class Box {}, write: () => null, read: () => ({}) } }
  expect(() => makeDisk(Deaf, classes)).toThrow(/classes with disk 'Deaf'.*hand its options on/)
  expect(() => makeDisk(Deaf, 'plain')).toThrow(TypeError)
  expect(() => makeDisk(Deaf, [] as never)).toThrow(/classes: expected/)
  expect(makeDisk(Deaf, undefined)).toBeInstanceOf(Deaf)
  expect(makeDisk(Heir, classes).classes).toBe(classes)
  expect(makeDisk(JSONDisk, 'plain')).toBeInstanceOf(JSONDisk)
})
