import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { Cache } from '../src/cache.ts'
import type { CacheOptions } from '../src/context/cache-options.ts'
import { LARGE, valueFiles } from './cache-test.ts'
import { craft, storeSetting } from './hostile/raw-database.ts'

/** Changes one bit in the middle of every value file. */
function flipFiles(cache: Cache): void {
  for (const name of valueFiles(cache)) {
    const path = join(cache.directory, name)
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0x10
    writeFileSync(path, bytes)
  }
}

/** Cuts every value file, or adds zeros to it. */
function resizeFiles(cache: Cache, size: number): void {
  for (const name of valueFiles(cache)) truncateSync(join(cache.directory, name), size)
}

async function bytesOf(stream: Readable | undefined): Promise<Buffer> {
  return Buffer.concat(await stream!.toArray())
}

/** Changes rows as damage does: no trigger runs. */
function damage(directory: string, change: string): void {
  craft(directory, (database) => {
    const [{ sql }] = database
      .prepare("SELECT sql FROM sqlite_schema WHERE name = 'node_foreign_write'")
      .all() as [{ sql: string }]
    database.exec(`DROP TRIGGER node_foreign_write; UPDATE Cache SET ${change}; ${sql}`)
  })
}

/** Changes rows as a program does that knows nothing of checksums. */
function write(directory: string, change: string): void {
  craft(directory, (database) => database.exec(`UPDATE Cache SET ${change}`))
}

const CHANGES = [
  "value = 'wrong'",
  'value = 1',
  "value = CAST('value' AS BLOB)",
  'value = NULL',
  "key = 'wrong'",
  'raw = 2',
  'mode = 4',
  'mode = 99',
  "tag = 'wrong'",
  'store_time = store_time + 1',
  "store_time = 'never'",
  "expire_time = 'never'",
  'node_sum = NULL',
  'node_sum = -1',
  'node_sum = node_sum + 2',
  "node_sum = 'sum'",
]

describe('a row that has changed on disk', () => {
  test.for(CHANGES)('by %s is a miss, for every way of reading', async (change, { directory }) => {
    const fresh = () => {
      using cache = new Cache(directory)
      cache.clear()
      cache.set('key', 'value')
      cache.close()
      damage(directory, change)
      return new Cache(directory)
    }
    const read = async (look: (cache: Cache) => unknown) => {
      using cache = fresh()
      return await look(cache)
    }
    expect(await read((cache) => cache.get('key'))).toBeUndefined()
    expect(await read((cache) => cache.getEntry('key'))).toBeUndefined()
    expect(await read((cache) => cache.getMany(['key']))).toEqual([undefined])
    expect(await read((cache) => cache.pop('key'))).toBeUndefined()
    expect(await read((cache) => cache.read('key'))).toBeUndefined()
    expect(await read((cache) => [...cache.values()])).toEqual([])
    expect(await read((cache) => cache.peekItem())).toBeUndefined()
    expect(await read((cache) => cache.promises.get('key'))).toBeUndefined()
    expect(await read((cache) => cache.promises.getMany(['key']))).toEqual([undefined])
    expect(await read((cache) => Array.fromAsync(cache.promises.values()))).toEqual([])
    expect(
      await read((cache) => cache.update('key', (entry) => ({ set: entry?.value ?? 'new' }))),
    ).toMatchObject({
      value: 'new',
    })
  })

  test('by another key is not among the keys', async ({ directory }) => {
    using cache = new Cache(directory)
    cache.setMany(['a', 'b'].map((key) => [key, key]))
    damage(directory, "key = 'wrong' WHERE key = 'a'")
    expect([...cache.keys()]).toEqual(['b'])
    expect(await Array.fromAsync(cache.promises.keys())).toEqual(['b'])
  })

  test('is not summed up, and not pulled', ({ directory }) => {
    using cache = new Cache(directory)
    cache.set('counter', 5)
    damage(directory, 'value = 7')
    expect(cache.incr('counter')).toBe(1)
    cache.push('first')
    damage(directory, "value = 'wrong' WHERE mode = 1 AND value = 'first'")
    cache.push('second')
    expect(cache.pull()?.value).toBe('second')
  })

  test('gives way to the next value', ({ directory }) => {
    using cache = new Cache(directory)
    cache.set('key', 'value')
    damage(directory, "value = 'wrong'")
    cache.set('key', 'value')
    expect(cache.get('key')).toBe('value')
    expect(cache.check()).toEqual([])
  })
})

describe('a file that has changed on disk', () => {
  test.for([LARGE, Buffer.alloc(200_000, 7), { text: LARGE }])('is a miss', async (value, { directory }) => {
    using cache = new Cache(directory)
    for (const look of [() => cache.get('key'), () => cache.promises.get('key'), () => cache.pop('key')]) {
      cache.set('key', value)
      expect(cache.get('key')).toEqual(value)
      flipFiles(cache)
      expect(await look()).toBeUndefined()
      expect(cache.has('key')).toBe(false)
    }
  })

  test('fails a stream at its end, and is a miss from then on', async ({ directory }) => {
    using cache = new Cache(directory)
    await cache.write('key', Readable.from([Buffer.alloc(300_000, 1), Buffer.alloc(100_000, 2)]))
    expect(Buffer.concat(await cache.read('key')!.toArray())).toHaveLength(400_000)
    flipFiles(cache)
    await expect(cache.read('key')!.toArray()).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_CORRUPT',
      key: 'key',
    })
    expect(cache.read('key')).toBeUndefined()
  })

  test('is not confused with that of another entry', ({ directory }) => {
    using cache = new Cache(directory)
    cache.set('a', 'a'.repeat(40_000))
    cache.set('b', 'b'.repeat(40_000))
    const [first, second] = valueFiles(cache).map((name) => join(directory, name)) as [string, string]
    const bytes = readFileSync(first)
    writeFileSync(first, readFileSync(second))
    writeFileSync(second, bytes)
    expect(cache.getMany(['a', 'b'])).toEqual([undefined, undefined])
  })
})

describe('a part of a file that has changed on disk', () => {
  test('is a miss, of at most a mebibyte', async ({ directory }) => {
    using cache = new Cache(directory)
    for (const size of [50_000, 2 ** 20]) {
      for (const face of [cache, cache.promises]) {
        cache.set('key', Buffer.alloc(size))
        flipFiles(cache)
        expect(await face.read('key', { start: size - 1 })).toBeUndefined()
        expect(cache.has('key')).toBe(false)
      }
    }
  })

  test('is given as it stands, of more than a mebibyte, but not the whole', async ({ directory }) => {
    using cache = new Cache(directory)
    const size = 2 ** 20 + 1
    cache.set('key', Buffer.alloc(size))
    flipFiles(cache)
    const parts = [{ end: 5 }, { start: size >> 1, end: size }, { start: size, end: size }]
    const read = await Promise.all(parts.map(async (part) => bytesOf(cache.read('key', part))))
    expect(read.map(({ length }) => length)).toEqual([5, (size >> 1) + 1, 0])
    expect(read.map((bytes) => bytes[0])).toEqual([0, 0x10, undefined])
    await expect(bytesOf(cache.read('key', { start: 0, end: size }))).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_CORRUPT',
    })
    expect(cache.has('key')).toBe(false)
  })

  test.for(['longer', 'shorter'])('is a miss where the file is %s', (how, { directory }) => {
    using cache = new Cache(directory)
    for (const range of [{ end: 5 }, { start: 2_000_000 }, { start: 7, end: 7 }, {}]) {
      cache.set('key', Buffer.alloc(2_000_000))
      resizeFiles(cache, how === 'longer' ? 2_000_001 : 1_999_999)
      expect(cache.read('key', range)).toBeUndefined()
      expect(cache.has('key')).toBe(false)
    }
  })

  test('fails where the file is cut while it is read', async ({ directory }) => {
    using cache = new Cache(directory)
    for (const range of [{}, { start: 1_500_000 }, { start: 1_000, end: 1_900_000 }]) {
      cache.set('key', Buffer.alloc(2_000_000))
      const stream = cache.read('key', range)
      resizeFiles(cache, 1_800_000)
      await expect(bytesOf(stream)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CORRUPT', key: 'key' })
      expect(cache.has('key')).toBe(false)
    }
  })
})

describe('a write of somebody who knows no checksums', () => {
  const values: readonly (readonly [string, CacheOptions])[] = [
    ['after Python has opened the directory', {}],
    ['where checksums are off', { checksums: false }],
  ]

  test.for(values)('is read %s', ([, options], { directory }) => {
    using cache = new Cache(directory, options)
    cache.set('key', 'value', { pin: true })
    if (options.checksums === undefined) storeSetting(directory, 'disk_pickle_protocol', 5n)
    write(directory, "store_time = store_time + 1, value = 'by Python'")
    expect(cache.get('key')).toBe('by Python')
    // What stood beside the entry before says nothing of this one.
    cache.configure({ sizeLimit: 0 })
    cache.cull()
    expect(cache.get('key')).toBeUndefined()
  })

  test('is told from our own, also of the same value at the same moment', ({ directory }) => {
    using cache = new Cache(directory, { clock: () => 1e12 })
    for (let i = 0; i < 5; i++) {
      cache.set('key', 'value', { pin: true })
      expect(cache.get('key')).toBe('value')
    }
    expect(cache.check()).toEqual([])
  })
})

describe('a directory whose checksums were off', () => {
  test('has sound entries without one, and gets them as it is written, or by check()', ({ directory }) => {
    using cache = new Cache(directory, { checksums: false })
    cache.setMany(['old', 'file', 'replaced'].map((key) => [key, key === 'file' ? LARGE : key]))
    expect(cache.check()).toEqual([])
    cache.configure({ checksums: true })
    cache.set('replaced', 'new')
    expect(cache.getMany(['old', 'file', 'replaced'])).toEqual(['old', LARGE, 'new'])
    const [problem, ...others] = cache.check({ fix: true })
    expect(problem).toEqual({ kind: 'unverified', message: expect.stringContaining('2 entries') })
    expect(others).toEqual([])
    expect(cache.check()).toEqual([])
    damage(directory, 'node_sum = NULL')
    expect(cache.getMany(['old', 'file', 'replaced'])).toEqual([undefined, undefined, undefined])
  })
})

describe('check()', () => {
  test('finds what has changed, and removes it', ({ directory }) => {
    using cache = new Cache(directory)
    cache.setMany(['row', 'file', 'sound'].map((key) => [key, key === 'file' ? LARGE : key]))
    flipFiles(cache)
    damage(directory, "value = 'wrong' WHERE key = 'row'")
    const found = [{ kind: 'wrong-checksum' }, { kind: 'wrong-checksum' }]
    expect(cache.check()).toMatchObject(found)
    expect(cache.check({ fix: true })).toMatchObject(found)
    expect(cache.check()).toEqual([])
    expect([...cache.keys()]).toEqual(['sound'])
    expect(valueFiles(cache)).toEqual([])
  })
})
