import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Disk } from '../codec/disk.ts'
import { CacheDirectory } from './cache-directory.ts'
import { TEST_ENGINE } from './connection/test-engine.ts'

const PLAIN = { expireTime: null, tag: null, moreTags: null, pin: false }

let path: string
let cache: CacheDirectory

function open(readonly = false): CacheDirectory {
  return new CacheDirectory(path, { engine: TEST_ENGINE, settings: {}, timeout: 100, readonly, disk: Disk })
}

function addFiles(count: number, size: number): void {
  cache.connection.transact(() => {
    for (let i = 0; i < count; i++) {
      const filename = cache.files.write(Buffer.alloc(size))
      const stored = { mode: 2, inline: null, filename, size, fileSum: null } as const
      cache.entries.insert({ key: `${size}:${i}`, form: 1 }, stored, PLAIN, 0)
    }
  })
}

function corrupt(name: string, value: string): void {
  cache.connection.execute(`UPDATE Settings SET value = ${value} WHERE key = '${name}'`)
}

function stored(name: string): unknown {
  return cache.connection.query<{ value: unknown }>('SELECT value FROM Settings WHERE key = ?').get(name)
    ?.value
}

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'volume-'))
  cache = open()
})

afterEach(() => {
  cache.close()
  rmSync(path, { recursive: true, force: true })
})

describe('CacheDirectory.volume()', () => {
  test('counts whole blocks of files, and their directories', () => {
    const before = cache.volume()
    addFiles(200, 100)
    expect(cache.volume() - before).toBeGreaterThan(200 * 4_096)
    expect(cache.volume() - before).toBeLessThan(200 * 4_096 + 100_000)
  })

  test('counts them from a sample when there are many', () => {
    addFiles(4_500, 100)
    const volume = open()
    expect(volume.volume()).toBeGreaterThan(4_500 * 4_096)
    expect(volume.volume()).toBeLessThan(4_500 * 4_096 * 1.3)
    volume.close()
  })
})

describe('CacheDirectory.counter()', () => {
  test.each([
    ['size', '-1', 40_000n],
    ['size', 'NULL', 40_000n],
    ['size', "'text'", 40_000n],
    ['size', '1.5', 40_000n],
    ['size', "x'00'", 40_000n],
    ['size', '9223372036854775807', 40_000n],
    ['count', '-3', 1n],
    ['count', 'NULL', 1n],
    ['count', "'1'", 1n],
    ['hits', '-1', 0n],
    ['misses', 'NULL', 0n],
  ] as const)('counts anew when %s is %s, and mends it in a transaction', (name, value, actual) => {
    addFiles(1, 40_000)
    corrupt(name, value)
    expect(cache.counter(name)).toBe(Number(actual))
    cache.connection.transact(() => cache.counter(name))
    expect(stored(name)).toBe(actual)
  })

  test('counts anew when the row of a counter is gone', () => {
    addFiles(1, 40_000)
    cache.connection.execute("DELETE FROM Settings WHERE key = 'size'")
    expect(cache.counter('size')).toBe(40_000)
    cache.connection.transact(() => cache.counter('size'))
    expect(stored('size')).toBe(40_000n)
  })

  test.each([40_000 ^ (1 << 30), 40_000 ^ (1 << 14), 40_000 ^ (1 << 12), 0])(
    'is mended as soon as the volume is measured when a bit has made size %i',
    (wrong) => {
      addFiles(1, 40_000)
      const right = cache.volume()
      corrupt('size', String(wrong))
      expect(cache.volume()).toBe(right)
      cache.connection.transact(() => cache.volume())
      expect(stored('size')).toBe(40_000n)
    },
  )

  test('is mended as soon as the volume is measured when count is impossible', () => {
    addFiles(1, 40_000)
    corrupt('count', '5000000')
    cache.connection.transact(() => cache.volume())
    expect(stored('count')).toBe(1n)
  })

  test('is only counted with readonly', () => {
    addFiles(1, 40_000)
    corrupt('size', '-1')
    const reader = open(true)
    expect(reader.counter('size')).toBe(40_000)
    reader.close()
  })
})
