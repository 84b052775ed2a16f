import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Key } from '../../contract/entry.ts'
import { Mode } from '../columns.ts'
import { Disk } from '../disk.ts'
import { ForeignKey } from '../foreign-key.ts'
import { EncryptedDisk, type EncryptedDiskOptions } from './encrypted-disk.ts'

const [OLD, NEW, ENTRY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)]
const disk = new EncryptedDisk({ keys: [NEW, OLD] })
const before = new EncryptedDisk({ keys: [OLD] })
const after = new EncryptedDisk({ keys: [NEW] })

function encrypt(value: unknown, by: Disk = disk): Buffer {
  return by.encodeValue(value).data as Buffer
}

function decrypt(bytes: Buffer, by: Disk = disk): unknown {
  return by.decodeValue(Mode.msgpack, bytes)
}

function outcome(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return (error as { code?: string }).code ?? error
  }
}

describe('EncryptedDisk.encodeValue()', () => {
  test.each([
    ...['', 'text', '€'.repeat(9_000), 0, -5, 0.5, -0, 2 ** 60, Infinity, 2n ** 60n, null, true, undefined],
    ...[Buffer.alloc(0), Buffer.of(1, 2), [1, 'two', { three: new Date(3) }], Number.NaN, '\ud800'],
  ])('keeps %o', (value) => {
    expect(decrypt(encrypt(value))).toStrictEqual(value)
  })

  test('keeps any value', () => {
    const property = fc.property(fc.anything({ withBigInt: true, withDate: true, maxDepth: 2 }), (value) => {
      expect(decrypt(encrypt(value))).toStrictEqual(structuredClone(value))
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('shows nothing of a value, and not whether two are the same', () => {
    const value = 'a secret text that is long enough to be found'
    const bytes = encrypt(value)
    for (let at = 0; at + 4 < value.length; at++) expect(bytes.includes(value.slice(at, at + 4))).toBe(false)
    const nonces = Array.from({ length: 1_000 }, () => encrypt(value).toString('hex', 6, 18))
    expect(new Set(nonces).size).toBe(1_000)
  })

  test('compresses before it encrypts, and keeps classes', () => {
    class Point {
      readonly x = 1
    }
    const classes = { point: { type: Point, write: ({ x }: Point) => x, read: () => new Point() } }
    const both = new EncryptedDisk({ keys: [NEW], classes, compression: { minBytes: 100 } })
    const value = { text: 'x'.repeat(10_000), point: new Point() }
    expect(encrypt(value, both).length).toBeLessThan(200)
    expect(decrypt(encrypt(value, both), both)).toStrictEqual(value)
    expect(decrypt(encrypt('x'.repeat(10_000), both), after)).toBe('x'.repeat(10_000))
  })
})

describe('EncryptedDisk.decodeValue()', () => {
  test('takes any change for damage', () => {
    const sound = encrypt({ name: 'Ada' })
    for (let at = 0; at < sound.length; at++) {
      expect(outcome(() => decrypt(sound.subarray(0, at)))).toBe('ERR_DISKCACHE_CORRUPT')
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(sound)
        changed[at] = (changed[at] as number) ^ (1 << bit)
        // Four bytes name the key: another name is an unknown key.
        const code = at >= 2 && at < 6 ? 'ERR_DISKCACHE_FORMAT' : 'ERR_DISKCACHE_CORRUPT'
        expect(outcome(() => decrypt(changed))).toBe(code)
      }
    }
    expect(outcome(() => decrypt(Buffer.concat([sound, Buffer.of(0)])))).toBe('ERR_DISKCACHE_CORRUPT')
  })

  test('takes parts of two values, and the name of another key of ours, for damage', () => {
    const [a, b] = [encrypt('first'), encrypt('other')] as const
    const old = encrypt('first', before)
    for (const cut of [2, 6, 18, a.length - 16])
      expect(outcome(() => decrypt(Buffer.concat([a.subarray(0, cut), b.subarray(cut)])))).toSatisfy(
        (found) => found === 'ERR_DISKCACHE_CORRUPT' || (cut <= 6 && found === 'other'),
      )
    const renamed = Buffer.concat([old.subarray(0, 6), a.subarray(6)])
    expect(outcome(() => decrypt(renamed))).toBe('ERR_DISKCACHE_CORRUPT')
  })

  test('takes what is not encrypted for damage', () => {
    const plain = new Disk().encodeValue({ name: 'Ada' })
    for (const [mode, data] of [
      [Mode.raw, 'text'],
      [Mode.raw, 5n],
      [Mode.binary, encrypt('text')],
      [Mode.stream, Buffer.from('bytes')],
      [plain.mode, plain.data],
    ] as const)
      expect(outcome(() => disk.decodeValue(mode, data))).toBe('ERR_DISKCACHE_CORRUPT')
  })

  test('is not to be had from a codec that does not encrypt', () => {
    expect(outcome(() => new Disk().decodeValue(Mode.msgpack, encrypt('text')))).toBe('ERR_DISKCACHE_CORRUPT')
  })

  test('knows the values of all keys, and encrypts by the first', () => {
    expect(decrypt(encrypt('text', before))).toBe('text')
    expect(decrypt(encrypt('text'), after)).toBe('text')
    expect(() => decrypt(encrypt('text'), before)).toThrow(
      expect.objectContaining({
        code: 'ERR_DISKCACHE_FORMAT',
        message: expect.stringMatching(/by the key '[0-9a-f]{8}'.*unknownKey: 'miss'/),
      }),
    )
    const forgetful = new EncryptedDisk({ keys: [NEW], unknownKey: 'miss' })
    expect(outcome(() => decrypt(encrypt('text', before), forgetful))).toBe('ERR_DISKCACHE_CORRUPT')
  })
})

describe('EncryptedDisk.encodeKey()', () => {
  const hidden = new EncryptedDisk({ keys: [NEW], entryKey: ENTRY })
  const KEYS: readonly Key[] = [
    '',
    'ada@example.org',
    5,
    0.5,
    -1,
    2n ** 62n,
    true,
    null,
    ['user', 7],
    { a: 1 },
  ]

  test('leaves keys as they are without entryKey', () => {
    for (const key of KEYS) expect(disk.encodeKey(key)).toEqual(new Disk().encodeKey(key))
    expect(disk.keepsKeys).toBe(true)
  })

  test.each([...KEYS, Buffer.of(1), new Date(1), '\ud800'])('hides %o with entryKey', (key) => {
    const encoded = hidden.encodeKey(key)
    expect(encoded.form).toBe(2)
    expect(encoded).toEqual(new EncryptedDisk({ keys: [OLD], entryKey: ENTRY }).encodeKey(key))
    expect(hidden.decodeKey(encoded)).toStrictEqual(key)
    expect(hidden.keepsKeys).toBe(false)
  })

  test('makes other bytes of other keys, and of another secret', () => {
    const other = new EncryptedDisk({ keys: [NEW], entryKey: randomBytes(32) })
    const names = [...KEYS, '5', 'true', Buffer.from('5')].flatMap((key) =>
      [hidden, other].map((by) => (by.encodeKey(key).key as Buffer).toString('hex')),
    )
    expect(new Set(names).size).toBe(names.length)
    expect((hidden.encodeKey('ada@example.org').key as Buffer).includes('ada')).toBe(false)
  })

  test('takes any other bytes for those of another secret', () => {
    const { key, form } = hidden.encodeKey('ada@example.org')
    const sound = key as Buffer
    for (let at = 2; at < sound.length; at++) {
      const changed = Buffer.from(sound)
      changed[at] = (changed[at] as number) ^ 1
      expect(outcome(() => hidden.decodeKey({ key: changed, form }))).toBe('ERR_DISKCACHE_FORMAT')
      expect(outcome(() => hidden.decodeKey({ key: sound.subarray(0, at), form }))).toBe(
        'ERR_DISKCACHE_FORMAT',
      )
    }
    expect(outcome(() => disk.decodeKey({ key: sound, form }))).toBe('ERR_DISKCACHE_FORMAT')
    expect(outcome(() => new Disk().decodeKey({ key: sound, form }))).toBe('ERR_DISKCACHE_CORRUPT')
  })

  test('leaves the keys of queues, and those of Python', () => {
    for (const key of [500_000_000_000_000, new ForeignKey(Buffer.from('pickle'))])
      expect(hidden.encodeKey(key)).toEqual(new Disk().encodeKey(key))
  })
})

test.each<[string, unknown]>([
  ['no options', undefined],
  ['no keys', {}],
  ['an empty list of keys', { keys: [] }],
  ['a password', { keys: ['a password of just thirty-two char'] }],
  ['a short key', { keys: [Buffer.alloc(31, 9)] }],
  ['the same key twice', { keys: [OLD, NEW, OLD] }],
  ['a short entryKey', { keys: [NEW], entryKey: Buffer.alloc(16, 9) }],
  ['an unknown policy', { keys: [NEW], unknownKey: 'forget' }],
  ['an unknown option', { keys: [NEW], key: NEW }],
])('new EncryptedDisk() refuses %s, and quotes no secret', (_, options) => {
  expect(() => new EncryptedDisk(options as EncryptedDiskOptions)).toThrow(
    expect.objectContaining({
      message: expect.not.stringMatching(/password of|<Buffer|09 09|9, 9/),
    }),
  )
})

test('EncryptedDisk shows no secret when it is inspected', () => {
  const shown = inspect(new EncryptedDisk({ keys: [NEW], entryKey: ENTRY }), {
    depth: 9,
    showHidden: true,
  })
  expect(shown).not.toMatch(/02 02|2, 2|03 03|3, 3/)
})
