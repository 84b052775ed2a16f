import { Disk, type Key } from '@diskcache/core'
import { CacheDirectory } from '@diskcache/core/sqlite'
import { describe, expect } from 'vitest'
import { cacheTest } from '../../tests/cache-test.ts'
import type { Cache } from '../cache.ts'
import { sqliteEngine } from '../context/engine.ts'

const KIB = Buffer.alloc(1_024, 1)

/** Room for some nine hundred entries. */
const LIMIT = 2 ** 21

const test = cacheTest({ sizeLimit: LIMIT })

/** Stores so many new entries, which nobody asks for again. */
function scan(store: Cache, name: string, count: number): void {
  for (let i = 0; i < count; i++) store.set(`${name} ${i}`, KIB)
}

function keys(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name} ${i}`)
}

function countOf(store: Cache, wanted: readonly Key[]): number {
  return store.hasMany(wanted).filter(Boolean).length
}

/** Returns the sum of the column of uses. */
function usesIn(store: Cache): number {
  const directory = new CacheDirectory(store.directory, {
    engine: sqliteEngine(),
    settings: {},
    timeout: 1_000,
    readonly: true,
    disk: Disk,
  })
  const row = directory.connection
    .query<{ uses: bigint }>('SELECT SUM(access_count) AS uses FROM Cache')
    .get()
  directory.close()
  return Number(row?.uses)
}

/** Runs SQL beside the cache. */
function execute(store: Cache, sql: string): void {
  const directory = new CacheDirectory(store.directory, {
    engine: sqliteEngine(),
    settings: {},
    timeout: 1_000,
    readonly: false,
    disk: Disk,
  })
  directory.connection.transact(() => directory.connection.execute(sql))
  directory.close()
}

describe('The policy s3-fifo', () => {
  test('is that of a new directory, and of processes that open it later', ({ store, reopen }) => {
    expect([store.settings.evictionPolicy, reopen().settings.evictionPolicy]).toEqual(['s3-fifo', 's3-fifo'])
    store.configure({ evictionPolicy: 'none' })
    expect(reopen().settings.evictionPolicy).toBe('none')
  })

  test('keeps what was read twice through many times its size of new entries', ({ store }) => {
    scan(store, 'first', 1_000)
    scan(store, 'read', 100)
    for (let n = 0; n < 2; n++) store.getMany(keys('read', 100))
    scan(store, 'once', 100)
    store.getMany(keys('once', 100))
    scan(store, 'scan', 2_500)
    expect(countOf(store, keys('read', 100))).toBeGreaterThan(97)
    expect(countOf(store, keys('once', 100))).toBe(0)
  })

  test('keeps what is written again and again, also by incr()', ({ store }) => {
    scan(store, 'first', 1_000)
    scan(store, 'written', 100)
    store.set('number', 1)
    for (let n = 0; n < 2; n++) {
      scan(store, 'written', 100)
      store.incr('number')
    }
    scan(store, 'scan', 2_500)
    expect(countOf(store, [...keys('written', 100), 'number'])).toBeGreaterThan(98)
  })

  test('keeps what comes back soon after it was evicted', ({ store }) => {
    scan(store, 'first', 1_000)
    scan(store, 'back', 100)
    scan(store, 'scan', 1_000)
    expect(countOf(store, keys('back', 100))).toBe(0)
    scan(store, 'back', 100)
    scan(store, 'other', 2_500)
    expect(countOf(store, keys('back', 100))).toBeGreaterThan(90)
  })

  test('lets go what was kept and is not used any more, when others are kept instead', ({ store }) => {
    for (let round = 0; round < 20; round++) {
      scan(store, `read ${round}`, 100)
      for (let n = 0; n < 2; n++) store.getMany(keys(`read ${round}`, 100))
    }
    expect(store.volume()).toBeLessThan(1.05 * LIMIT)
    expect(countOf(store, keys('read 19', 100))).toBeGreaterThan(90)
    expect(countOf(store, keys('read 0', 100))).toBe(0)
  })
})

describe('The policy s3-fifo in several processes', () => {
  test('knows in another process, and after a restart, what was evicted', ({ store, reopen }) => {
    scan(store, 'first', 1_000)
    scan(store, 'back', 100)
    scan(store, 'scan', 1_000)
    store.close()
    const later = reopen()
    const other = reopen()
    scan(later, 'a few', 5)
    scan(other, 'a few more', 5)
    for (const [i, key] of keys('back', 100).entries()) (i % 2 === 0 ? later : other).set(key, KIB)
    scan(other, 'scan again', 2_500)
    expect(countOf(later, keys('back', 100))).toBeGreaterThan(90)
  })

  test('counts what another process has read', ({ store, reopen }) => {
    scan(store, 'first', 1_000)
    scan(store, 'read', 100)
    const other = reopen()
    scan(other, 'a few', 100)
    for (let n = 0; n < 2; n++) other.getMany(keys('read', 100))
    other.close()
    scan(store, 'scan', 2_500)
    expect(countOf(store, keys('read', 100))).toBeGreaterThan(97)
  })

  test('notes nothing while the cache is far from full', ({ store }) => {
    scan(store, 'first', 500)
    for (let n = 0; n < 5; n++) store.getMany(keys('first', 500))
    store.close()
    expect(usesIn(store)).toBe(0)
  })

  test('notes three uses of an entry at most, in a process that only reads, too', ({
    store,
    clock,
    reopen,
  }) => {
    scan(store, 'first', 1_400)
    const reader = reopen()
    clock.advance(2_000)
    const known = keys('first', 1_400).slice(-100)
    for (let n = 0; n < 5; n++) reader.getMany(known)
    reader.close()
    expect(usesIn(store)).toBe(300)
  })
})

describe('The policy s3-fifo goes on', () => {
  test('where all that is left is pinned', ({ store }) => {
    store.setMany(Array.from({ length: 10_000 }, (_, i) => [i, 'value', { pin: i !== 5_000 }]))
    store.configure({ sizeLimit: 1_000 })
    expect(store.cull()).toBe(1)
    store.set('last', 'value')
    expect([store.has(5_000), store.has('last'), store.size]).toEqual([false, true, 10_000])
  })

  test('after a transaction that was undone', ({ store }) => {
    scan(store, 'first', 1_000)
    const before = store.size
    expect(() =>
      store.transact(() => {
        scan(store, 'undone', 1_000)
        throw new Error('undone')
      }),
    ).toThrow('undone')
    expect(store.size).toBe(before)
    scan(store, 'scan', 3_000)
    expect(store.volume()).toBeLessThan(1.05 * LIMIT)
    expect(countOf(store, keys('scan', 3_000).slice(-900))).toBe(900)
  })

  test.for([
    "UPDATE Settings SET value = 'nonsense' WHERE key = 'node_sweep'",
    "UPDATE Settings SET value = '999999999999999999 999999999999999999 999999999999999999' WHERE key = 'node_sweep'",
    "UPDATE node_ghosts SET fingerprints = 'nonsense'",
    'UPDATE node_ghosts SET fingerprints = zeroblob(7)',
    'DROP TABLE node_ghosts',
    "UPDATE Cache SET access_count = 'many'",
    'UPDATE Cache SET access_count = NULL',
    'UPDATE Cache SET access_count = -1000000000000',
  ])('after %s', (sql, { store, reopen }) => {
    scan(store, 'first', 1_000)
    execute(store, sql)
    for (const cache of [store, reopen()]) {
      scan(cache, 'scan', 3_000)
      expect(cache.volume()).toBeLessThan(1.05 * LIMIT)
      expect(cache.size).toBeGreaterThan(500)
    }
  })

  test('before another policy, and after it', ({ store }) => {
    for (const evictionPolicy of ['least-frequently-used', 's3-fifo', 'least-recently-used'] as const) {
      store.configure({ evictionPolicy })
      scan(store, evictionPolicy, 1_200)
      for (let n = 0; n < 3; n++) store.getMany(keys(evictionPolicy, 1_200))
      scan(store, 'scan', 1_200)
      expect(store.volume()).toBeLessThan(1.05 * LIMIT)
      expect(store.size).toBeGreaterThan(500)
    }
  })
})
