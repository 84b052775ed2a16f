import { join } from 'node:path'
import { Disk, type Key, Mode } from '@diskcache/core'
import { asyncStoreTest } from '@diskcache/testkit'
import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { LARGE, loseFiles, valueFiles } from '../../tests/cache-test.ts'
import { Cache } from '../cache.ts'
import { resolveCacheOptions } from '../context/cache-options.ts'
import { CacheParts } from '../operations/cache-parts.ts'
import { AsyncOperations } from './async-operations.ts'
import { GroupRead } from './group-read.ts'

const test = asyncStoreTest((directory, { clock }) => new Cache(directory, { clock }).promises).extend<{
  cache: Cache
}>({
  cache: async ({ directory, clock }, use) => {
    using cache = new Cache(directory, { clock: clock.now })
    await use(cache)
  },
})

/** More than one statement looks for. */
const KEYS = Array.from({ length: 70 }, (_, i) => i)

/** Changes the database behind the cache's back. */
function change(directory: string, sql: string): void {
  const database = new Database(join(directory, 'cache.db'))
  database.exec(sql)
  database.close()
}

describe('Reads that are issued together', () => {
  test('are of one moment', async ({ cache, directory }) => {
    using other = new Cache(directory)
    const write = (value: string) => other.setMany(KEYS.map((key) => [key, value]))
    write('old')
    const reads = KEYS.map((key) => {
      if (key === 50) write('new')
      return cache.promises.get(key)
    })
    expect(new Set(await Promise.all(reads)).size).toBe(1)
  })

  test('give each its own: values, files, and what is missing or has expired', async ({ cache, clock }) => {
    cache.set('row', { a: 1 })
    cache.set('file', LARGE, { tag: 't' })
    cache.set('expired', 1, { ttl: 10 })
    clock.advance(10)
    const { promises } = cache
    const results = [
      promises.get('row'),
      promises.getEntry('file'),
      promises.get('none'),
      promises.get('expired'),
    ]
    const entry = { value: LARGE, expireTime: null, tags: ['t'] }
    expect(await Promise.all(results)).toEqual([{ a: 1 }, entry, undefined, undefined])
  })

  test('fail alone where a row cannot be read', async ({ cache, directory }) => {
    cache.setMany(KEYS.map((key) => [key, `${key}`]))
    cache.configure({ checksums: false })
    change(directory, `UPDATE Cache SET mode = ${Mode.pickle}, node_sum = NULL WHERE key = 50`)
    const results = await Promise.allSettled(KEYS.map((key) => cache.promises.get(key)))
    const failures = results.filter(({ status }) => status === 'rejected')
    expect(failures).toMatchObject([{ reason: { code: 'ERR_DISKCACHE_FOREIGN_VALUE', key: 50 } }])
    change(directory, 'DELETE FROM Cache WHERE key = 50')
  })

  test('miss what is damaged, which is removed', async ({ cache, directory }) => {
    cache.setMany(KEYS.map((key) => [key, `${key}`]))
    cache.set('lost', LARGE)
    loseFiles(cache)
    change(directory, "UPDATE Cache SET value = 'other', node_sum = node_sum + 2 WHERE key = 50")
    const values = await Promise.all([50, 'lost', 51].map((key) => cache.promises.get(key)))
    expect([values, cache.has(50), cache.has('lost')]).toEqual([[undefined, undefined, '51'], false, false])
  })

  test('look again for a file that was replaced meanwhile', async ({ cache, directory }) => {
    class Replacing extends Disk {
      static override readonly codec = Disk.codec
      override decodeValue(mode: Mode, column: never): unknown {
        const value = super.decodeValue(mode, column)
        if (value === 'first') cache.set('file', 'x'.repeat(50_000))
        return value
      }
    }
    cache.set('file', LARGE)
    cache.set('row', 'first')
    const before = valueFiles(cache)
    await using replacing = new Cache(directory, { disk: Replacing }).promises
    const [, file] = await Promise.all([replacing.get('row'), replacing.get('file')])
    expect([valueFiles(cache).length, file]).toEqual([before.length, 'x'.repeat(50_000)])
  })
})

describe('A read that is issued', () => {
  const issued = [(key: Key, { promises }: Cache) => promises.get(key)].concat((key, { promises }) =>
    Promise.all([promises.get(key), promises.get('other')]).then(([value]) => value),
  )

  test.for(issued)('is rejected when its signal is aborted in the same step', async (_, { cache }) => {
    const controller = new AbortController()
    const read = cache.promises.get('k', { signal: controller.signal })
    const other = cache.promises.get('k')
    controller.abort(new Error('aborted'))
    await expect(read).rejects.toThrow('aborted')
    expect(await other).toBeUndefined()
  })

  test.for(issued)('is answered before close() ends', async (get, { cache }) => {
    cache.set('k', LARGE)
    const read = get('k', cache)
    await cache.promises.close()
    expect(await read).toBe(LARGE)
  })

  test.for(issued)('is rejected when the other face is closed', async (get, { cache }) => {
    cache.set('k', 1)
    const read = get('k', cache)
    cache.close()
    await expect(read).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  })
})

/** As if the database were busy whenever something is tried. */
class Busy extends AsyncOperations {
  override attempt<T>(): { result: T } | undefined {
    return undefined
  }
}

describe('GroupRead', () => {
  test('reads in its turn when the database is busy, before what was issued later', async ({ directory }) => {
    const parts = new CacheParts(directory, resolveCacheOptions({}))
    const operations = new Busy(parts, 1_000)
    const group = new GroupRead(parts, operations, (opened) => parts.asyncReader.load(opened))
    const write = (value: string) => operations.run(parts.items.set('k', value, undefined), undefined)
    await write('old')
    const key = parts.items.encodeKey('k')
    const reads = [group.load(key, undefined), group.load(key, undefined)]
    const written = write('new')
    expect((await Promise.all(reads)).map((entry) => entry?.value)).toEqual(['old', 'old'])
    await written
    expect((await group.load(key, undefined))?.value).toBe('new')
    parts.context.directory.connection.close()
  })
})
