import { createRequire } from 'node:module'
import zlib from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Mode } from './columns.ts'
import { MAX_COMPRESSED_LENGTH } from './compression/compression.ts'
import { inflatingAtMost } from './compression/inflating.ts'
import { Disk } from './disk.ts'
import { EncryptedDisk } from './encryption/encrypted-disk.ts'
import { JSONDisk } from './json-disk.ts'

const plain = new Disk()
const ALGORITHMS = ['zstd', 'deflate'] as const
const RECORDS = Array.from({ length: 200 }, (_, i) => ({ id: i, name: `name ${i % 7}` }))

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}
const classes = {
  point: { type: Point, write: ({ x }: Point) => x, read: (x: number) => new Point(x) },
}

function bytes(data: unknown): Buffer {
  return data as Buffer
}

afterEach(() => {
  vi.restoreAllMocks()
})

/** Takes zstd away, as in an older Node. */
function withoutZstd(): void {
  vi.spyOn(createRequire(import.meta.url)('node:zlib'), 'zstdCompressSync', 'get').mockReturnValue(undefined)
}

describe.each(ALGORITHMS)('Disk with compression by %s', (algorithm) => {
  const disk = new Disk({ compression: { minBytes: 100, algorithm } })

  test.each([
    ['a text', 'a line of text\n'.repeat(50)],
    ['a text of long characters', '€'.repeat(100)],
    ['bytes', Buffer.alloc(5_000, 7)],
    ['records', RECORDS],
    ['a value in a table of nodes', { list: [-0, ...RECORDS] }],
  ])('keeps %s in less, which a codec without the option reads', (_, value) => {
    const { mode, data } = disk.encodeValue(value)
    expect(mode).toBe(Mode.msgpack)
    const { data: before } = plain.encodeValue(value)
    expect(bytes(data).length).toBeLessThan(Buffer.byteLength(before as string | Buffer) / 2)
    expect(plain.decodeValue(mode, data)).toStrictEqual(value)
    expect(disk.decodeValue(mode, data)).toStrictEqual(value)
  })

  test('keeps any value', () => {
    const eager = new Disk({ compression: { minBytes: 0, algorithm } })
    const property = fc.property(fc.anything({ withBigInt: true, maxDepth: 2 }), (value) => {
      const wide = { value, padding: 'x'.repeat(200) }
      const { mode, data } = eager.encodeValue(wide)
      expect(plain.decodeValue(mode, data)).toStrictEqual(structuredClone(wide))
    })
    fc.assert(property, { numRuns: 200 })
  })

  test('takes damage for damage, and never gives another value', () => {
    const value = 'a line of text\n'.repeat(50)
    const { mode, data } = disk.encodeValue(value)
    const sound = bytes(data)
    for (let at = 0; at < sound.length; at++) {
      expect(outcome(() => disk.decodeValue(mode, sound.subarray(0, at)))).toBe('ERR_DISKCACHE_CORRUPT')
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(sound)
        changed[at] = (changed[at] as number) ^ (1 << bit)
        expect([value, 'ERR_DISKCACHE_CORRUPT']).toContain(outcome(() => disk.decodeValue(mode, changed)))
      }
    }
  })

  test('makes no more than 64 MiB of a value', () => {
    const bomb = Buffer.alloc(MAX_COMPRESSED_LENGTH + 1, 2)
    const compressed = algorithm === 'zstd' ? zlib.zstdCompressSync(bomb) : zlib.deflateSync(bomb)
    const data = Buffer.concat([Buffer.of(0xc1, algorithm === 'zstd' ? 2 : 1), compressed])
    expect(outcome(() => plain.decodeValue(Mode.msgpack, data))).toBe('ERR_DISKCACHE_CORRUPT')
    const { mode, data: kept } = disk.encodeValue(bomb)
    expect([mode, bytes(kept).length]).toEqual([Mode.raw, bomb.length])
  })

  test('makes no more of a value than who reads it allows, which is no damage', () => {
    const { mode, data } = disk.encodeValue(RECORDS)
    const read = () => plain.decodeValue(mode, data)
    const encrypted = new EncryptedDisk({
      keys: [Buffer.alloc(32, 1)],
      compression: { minBytes: 100, algorithm },
    })
    const secret = encrypted.encodeValue(RECORDS)
    const json = new JSONDisk()
    const text = json.encodeValue(RECORDS)
    for (const reads of [
      read,
      () => json.decodeValue(text.mode, text.data),
      () => encrypted.decodeValue(secret.mode, secret.data),
    ]) {
      expect(outcome(() => inflatingAtMost(1_000, reads))).toBe('ERR_DISKCACHE_TOO_LARGE')
      expect(inflatingAtMost(100_000, reads)).toStrictEqual(RECORDS)
      expect(reads()).toStrictEqual(RECORDS)
    }
    const broken = bytes(data).subarray(0, -5)
    const readBroken = () => plain.decodeValue(mode, broken)
    expect(outcome(() => inflatingAtMost(100_000, readBroken))).toBe('ERR_DISKCACHE_CORRUPT')
  })
})

function outcome(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return (error as { code?: string }).code ?? error
  }
}

describe('Disk with compression', () => {
  test('leaves short values, and those that become no shorter, as they are', () => {
    const disk = new Disk({ compression: true })
    const noise = Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * i * 31 + (i >> 3) * 7919) >> 5))
    for (const value of ['x'.repeat(1_023), 5, 2n ** 60n, null, 0.5, true, zlib.deflateSync(noise)])
      expect(disk.encodeValue(value)).toEqual(plain.encodeValue(value))
    expect(disk.encodeValue('x'.repeat(1_024)).mode).toBe(Mode.msgpack)
    expect(new Disk({ compression: false }).encodeValue('x'.repeat(9_999)).mode).toBe(Mode.raw)
  })

  test('keeps instances of classes', () => {
    const disk = new Disk({ classes, compression: { minBytes: 10 } })
    const value = { points: Array.from({ length: 50 }, () => new Point(7)) }
    const { mode, data } = disk.encodeValue(value)
    expect(bytes(data)[1]).toBeLessThan(3)
    expect(disk.decodeValue(mode, data)).toStrictEqual(value)
  })

  test('does not take a compressed value in a compressed value', () => {
    const { data } = new Disk({ compression: { minBytes: 0, algorithm: 'deflate' } }).encodeValue(RECORDS)
    const inner = Buffer.concat([Buffer.of(0), bytes(data)])
    const twice = Buffer.concat([Buffer.of(0xc1, 1), zlib.deflateSync(inner)])
    expect(outcome(() => plain.decodeValue(Mode.msgpack, twice))).toBe('ERR_DISKCACHE_CORRUPT')
  })

  test('compresses more with a higher level', () => {
    const value = Array.from({ length: 5_000 }, (_, i) => `${i % 89} ${Math.sqrt(i % 997)}`)
    const lengths = [1, 19].map((level) => {
      const { data } = new Disk({ compression: { level } }).encodeValue(value)
      return bytes(data).length
    })
    expect(lengths[1]).toBeLessThan(lengths[0] as number)
  })

  test('takes deflate where Node has no zstd, and says which Node reads the others', () => {
    const { mode, data } = new Disk({ compression: { algorithm: 'zstd' } }).encodeValue(RECORDS)
    withoutZstd()
    expect(() => plain.decodeValue(mode, data)).toThrow(
      expect.objectContaining({
        code: 'ERR_DISKCACHE_FORMAT',
        message: expect.stringContaining('22.15 and 23.8'),
      }),
    )
    expect(() => new Disk({ compression: { algorithm: 'zstd' } })).toThrow(/22\.15/)
    const other = new Disk({ compression: { level: 19 } }).encodeValue(RECORDS)
    expect(bytes(other.data)[1]).toBe(1)
    expect(plain.decodeValue(other.mode, other.data)).toEqual(RECORDS)
  })

  test.each([
    ['no object', 7],
    ['an unknown option', { minimum: 5 }],
    ['a level of 0', { level: 0 }],
    ['a level of 20', { level: 20 }],
    ['a negative length', { minBytes: -1 }],
    ['another algorithm', { algorithm: 'brotli' }],
  ])('refuses %s', (_, compression) => {
    expect(() => new Disk({ compression: compression as never })).toThrow(/Cannot use compression/)
  })

  test('may be a boolean or an object, says the error', () => {
    const message = "Cannot use compression: expected a boolean or an object, got 'zstd'"
    expect(() => new Disk({ compression: 'zstd' as never })).toThrow(message)
  })

  test('is none of JSONDisk, which always compresses', () => {
    expect(() => new JSONDisk({ compression: true })).toThrow(/compressLevel/)
  })
})
