import { setImmediate as turn } from 'node:timers/promises'
import { Disk, type Key } from '@diskcache/core'
import { CacheDirectory, type EvictionOrder } from '@diskcache/core/sqlite'
import type { FakeClock } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { cacheTest } from '../../tests/cache-test.ts'
import { diskUsage } from '../../tests/disk-usage.ts'
import type { Cache } from '../cache.ts'
import { sqliteEngine } from '../context/engine.ts'

const MIB = 1024 * 1024
const KIB = Buffer.alloc(1024, 1)
const FILE = Buffer.alloc(64 * 1024, 1)

function fill(store: Cache, count: number, value: unknown = KIB): void {
  for (let i = 0; i < count; i++) store.set(i, value)
}

describe('A cache at its size limit', () => {
  const test = cacheTest({ sizeLimit: 4 * MIB })

  test('stays about there, and keeps what was stored last', ({ store }) => {
    fill(store, 8_000)
    expect(store.volume()).toBeLessThan(4.2 * MIB)
    expect(store.volume()).toBeGreaterThan(3.5 * MIB)
    expect(store.get(7_999)).toEqual(KIB)
    expect(store.has(0)).toBe(false)
  })

  test('holds where the keys are what is large', ({ store }) => {
    for (let i = 0; i < 2_000; i++) store.set(String(i).padStart(8_192, '-'), i)
    expect(store.volume()).toBeLessThan(4.2 * MIB)
  })

  test('evicts about as many bytes as are written, also with files', ({ store }) => {
    fill(store, 200, FILE)
    expect(store.size).toBeGreaterThan(55)
    expect(store.volume()).toBeLessThan(4 * MIB + 2 * FILE.length)
    store.set('large', Buffer.alloc(MIB))
    expect(store.volume()).toBeLessThanOrEqual(4 * MIB)
    expect(store.size).toBeGreaterThan(40)
  })
})

describe('The size limit', () => {
  const test = cacheTest({ sizeLimit: 4 * MIB })

  test('holds when large values follow small ones, in columns or files', ({ store }) => {
    fill(store, 4_000)
    for (let i = 0; i < 40; i++) {
      store.set(`large ${i}`, Buffer.alloc(i % 2 === 0 ? 30_000 : 500_000))
      expect(store.volume()).toBeLessThanOrEqual(4 * MIB + 500_000)
    }
    expect(store.volume()).toBeLessThanOrEqual(4 * MIB)
  })

  test('holds when values grow that are replaced', ({ store }) => {
    fill(store, 1_000)
    fill(store, 1_000, Buffer.alloc(20_000))
    expect(store.volume()).toBeLessThanOrEqual(4.1 * MIB)
  })

  test('counts the blocks of small files, and gives back the space of the database', ({ store }) => {
    fill(store, 4_000)
    store.configure({ minFileSize: 0 })
    for (let i = 0; i < 1_300; i++) store.set(`file ${i}`, Buffer.alloc(10))
    const { rest } = diskUsage(store.directory)
    expect(rest).toBeLessThan(4.6 * MIB)
    expect(store.volume()).toBeGreaterThan(rest * 0.9)
  })

  test('lets one write remove a bounded number of rows', ({ store }) => {
    fill(store, 2_000)
    store.configure({ sizeLimit: 100_000 })
    const before = store.size
    store.set('small', 1)
    expect(store.size).toBeLessThan(before)
    expect(store.size).toBeGreaterThan(before - 520)
  })

  test('evicts by bytes also what has expired, before anything else', ({ store, clock }) => {
    for (let i = 0; i < 1_500; i++) store.set(`expiring ${i}`, KIB, { ttl: 10 })
    store.set('stays', 1)
    clock.advance(11)
    store.set('large', Buffer.alloc(2 * MIB))
    expect(store.volume()).toBeLessThanOrEqual(4 * MIB)
    expect(store.has('stays')).toBe(true)
  })
})

describe('What a full cache keeps', () => {
  const test = cacheTest({ sizeLimit: 4 * MIB })

  test('is all else when a value is refused that is larger than the limit', async ({ store }) => {
    store.set('small', 1)
    const huge = Buffer.alloc(4 * MIB + 1)
    expect(store.set('huge', huge)).toBe(false)
    expect(store.add('huge', huge)).toBe(false)
    expect(
      store.setMany([
        ['huge', huge],
        ['other', 2],
      ]),
    ).toEqual([false, true])
    expect(() => store.push(huge)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' }))
    expect(() => store.update('small', () => ({ set: huge }))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' }),
    )
    expect([...store]).toEqual([
      ['small', 1],
      ['other', 2],
    ])
  })

  test('is what is pinned, and the entry just written', ({ store }) => {
    store.set('pinned', KIB, { pin: true })
    fill(store, 8_000)
    expect(store.has('pinned')).toBe(true)
    store.configure({ evictionPolicy: 'least-recently-stored' })
    store.set('pinned', KIB)
    fill(store, 8_000)
    expect(store.has('pinned')).toBe(false)
  })

  test('is what was pinned before update(), incr() and touch()', ({ store }) => {
    store.set('number', 1, { pin: true })
    store.incr('number')
    store.update('number', (entry) => ({ set: Number(entry?.value) + 1 }))
    store.touch('number', { ttl: Infinity })
    fill(store, 8_000)
    expect(store.get('number')).toBe(3)
  })

  test('is what has not expired', ({ store, clock }) => {
    for (let i = 0; i < 1_000; i++) store.set(`expiring ${i}`, KIB, { ttl: 10 })
    fill(store, 1_000)
    clock.advance(11)
    for (let i = 0; i < 500; i++) store.set(`new ${i}`, KIB)
    expect(store.hasMany(Array.from({ length: 1_000 }, (_, i) => i)).every(Boolean)).toBe(true)
    expect(store.size).toBe(1_500)
  })
})

describe('cullLimit 0', () => {
  const test = cacheTest({ sizeLimit: MIB, cullLimit: 0 })

  test('leaves even expired entries to cull()', ({ store, clock }) => {
    store.set('expired', 1, { ttl: 1 })
    clock.advance(2)
    fill(store, 2_000)
    expect(store.size).toBe(2_001)
    expect(store.cull()).toBeGreaterThan(1_000)
    expect(store.volume()).toBeLessThanOrEqual(MIB)
  })
})

describe('The policy none', () => {
  const test = cacheTest({ sizeLimit: MIB, evictionPolicy: 'none' })

  test('evicts nothing, and removes what has expired', ({ store, clock }) => {
    store.set('expired', 1, { ttl: 1 })
    clock.advance(2)
    fill(store, 2_000)
    expect(store.size).toBe(2_000)
    store.set('expired', 1, { ttl: 1 })
    clock.advance(2)
    expect(store.cull()).toBe(1)
  })
})

describe('The policy least-recently-used', () => {
  const test = cacheTest({ sizeLimit: MIB, evictionPolicy: 'least-recently-used' })

  test('keeps what was read, although reads are noted in memory', ({ store, clock }) => {
    fill(store, 300)
    clock.advance(1)
    for (let i = 0; i < 100; i++) store.get(i)
    clock.advance(1)
    for (let i = 300; i < 2_000 && store.has(100); i++) store.set(i, KIB)
    expect(store.has(100)).toBe(false)
    expect(store.hasMany(Array.from({ length: 100 }, (_, i) => i)).every(Boolean)).toBe(true)
  })

  test('commits nothing on reads, and all of them together when it is closed', ({ store, directory }) => {
    fill(store, 10)
    const watcher = new CacheDirectory(directory, {
      engine: sqliteEngine(),
      settings: {},
      timeout: 100,
      readonly: false,
      disk: Disk,
    })
    const version = watcher.connection.query('PRAGMA data_version')
    const before = version.get()
    for (let i = 0; i < 1_000; i++) store.get(i % 10)
    expect(version.get()).toEqual(before)
    store.close()
    expect(version.get()).not.toEqual(before)
    expect(watcher.connection.query('SELECT SUM(access_count) AS reads FROM Cache').get()).toEqual({
      reads: 1_000n,
    })
    watcher.connection.close()
  })
})

describe('An order of eviction of an application', () => {
  const test = cacheTest({ sizeLimit: 2 ** 30 })

  const ORDERS: readonly EvictionOrder[] = [
    { by: 'storeTime', first: 'highest' },
    { by: 'accessTime', first: 'highest' },
    { by: 'accessCount', first: 'highest' },
    { by: 'expireTime', first: 'lowest' },
    { by: 'expireTime', first: 'highest' },
    { by: 'size', first: 'lowest' },
    { by: 'size', first: 'highest' },
  ]

  /** Stores 1,000 entries in a random order, each of which has one number everywhere: the key, from 1 on. */
  function fillByRank(store: Cache, clock: FakeClock, evictionPolicy: EvictionOrder): void {
    store.configure({ evictionPolicy })
    const start = clock.time
    const ranks = Array.from({ length: 1_000 }, (_, i) => ((i * 617) % 1_000) + 1)
    for (const rank of ranks) {
      clock.time = start + rank
      store.set(rank, Buffer.alloc(evictionPolicy.by === 'size' ? 5 * rank : 500), { ttl: 1e6 })
      if (evictionPolicy.by === 'accessTime') store.get(rank)
      if (evictionPolicy.by === 'accessCount') for (let i = 0; i < rank % 50; i++) store.get(rank)
    }
    clock.time = start + 1_001
  }

  /** Returns the number of an entry by which the policy orders it. */
  const numberOf = (key: Key, { by }: EvictionOrder) =>
    by === 'accessCount' ? Number(key) % 50 : Number(key)

  test.for(ORDERS)('is followed: %o', (evictionPolicy, { store, clock, reopen }) => {
    fillByRank(store, clock, evictionPolicy)
    const other = reopen()
    expect(other.settings.evictionPolicy).toEqual(evictionPolicy)
    other.configure({ sizeLimit: Math.floor(store.volume() * 0.7) })
    clock.advance(1_000)
    expect(store.cull()).toBeGreaterThan(100)
    const kept = [...store.keys()].map((key) => numberOf(key, evictionPolicy))
    const keys = Array.from({ length: 1_000 }, (_, i) => i + 1)
    const gone = keys.filter((key) => !store.has(key)).map((key) => numberOf(key, evictionPolicy))
    if (evictionPolicy.first === 'lowest') expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...kept))
    else expect(Math.min(...gone)).toBeGreaterThanOrEqual(Math.max(...kept))
  })

  test('by expiry keeps what never expires for the last', ({ store }) => {
    store.configure({ evictionPolicy: { by: 'expireTime', first: 'lowest' } })
    fill(store, 500)
    for (let i = 500; i < 1_000; i++) store.set(i, KIB, { ttl: 1e9 - i })
    store.configure({ sizeLimit: Math.floor(store.volume() * 0.7) })
    store.cull()
    expect([...store.keys()].slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, i) => i))
    expect(store.has(999)).toBe(false)
  })

  test('leaves the entry that was just written, though it comes first', ({ store }) => {
    store.configure({ evictionPolicy: { by: 'size', first: 'highest' }, sizeLimit: MIB })
    fill(store, 2_000)
    expect(store.set('large', Buffer.alloc(20_000))).toBe(true)
    expect(store.has('large')).toBe(true)
    fill(store, 2_000)
    expect(store.has('large')).toBe(false)
  })

  test('follows about a sample in a large cache', ({ store }) => {
    store.configure({ evictionPolicy: { by: 'size', first: 'highest' } })
    store.setMany(Array.from({ length: 9_000 }, (_, i) => [i, Buffer.alloc(i % 10 === 0 ? 1_000 : 10)]))
    store.configure({ sizeLimit: store.volume() - 500_000 })
    store.cull()
    const gone = Array.from({ length: 9_000 }, (_, i) => i).filter((i) => !store.has(i))
    expect(gone.filter((i) => i % 10 === 0).length).toBeGreaterThan(0.9 * gone.length)
  })
})

describe('The order of the policy least-recently-stored', () => {
  const test = cacheTest({ sizeLimit: 2 ** 30, cullLimit: 10, evictionPolicy: 'least-recently-stored' })

  test('is exact up to some thousand entries', ({ store, clock }) => {
    store.transact(() => fill(store, 5_000, 'value'))
    clock.advance(1)
    for (let i = 1; i < 5_000; i += 2) store.set(i, 'renewed')
    store.configure({ sizeLimit: store.volume() - 100_000 })
    store.cull()
    const evicted = 5_000 - store.size
    expect(evicted).toBeGreaterThan(100)
    expect(store.hasMany(Array.from({ length: evicted }, (_, i) => 2 * i))).not.toContain(true)
  })

  test('passes over what was renewed after it was found', ({ store, clock }) => {
    store.transact(() => fill(store, 1_000, 'value'))
    store.configure({ sizeLimit: store.volume() })
    for (let i = 1_000; store.has(0); i++) store.set(i, 'value')
    clock.advance(1)
    store.set(20, 'renewed')
    for (let i = 2_000; store.has(40); i++) store.set(i, 'value')
    expect(store.get(20)).toBe('renewed')
  })

  test('is that of a sample in a large cache: hardly any renewed entry goes', ({ store, clock }) => {
    store.setMany(Array.from({ length: 20_000 }, (_, i) => [i, 'value']))
    clock.advance(1)
    store.setMany(Array.from({ length: 10_000 }, (_, i) => [i * 2, 'renewed']))
    store.configure({ sizeLimit: store.volume() - 300_000 })
    for (let i = 0; i < 20; i++) store.set(`new ${i}`, 'value')
    const renewed = store.hasMany(Array.from({ length: 10_000 }, (_, i) => i * 2))
    expect(store.size).toBeLessThan(18_000)
    expect(renewed.filter((isThere) => !isThere).length).toBeLessThan(10)
  })

  test('ends where all that is left is pinned', ({ store }) => {
    store.setMany(Array.from({ length: 10_000 }, (_, i) => [i, 'value', { pin: i !== 5_000 }]))
    store.configure({ sizeLimit: 1_000 })
    expect(store.cull()).toBe(1)
    expect(store.has(5_000)).toBe(false)
    store.set('last', 'value')
    expect(store.size).toBe(10_000)
  })
})

describe('The policy least-frequently-used', () => {
  const test = cacheTest({ sizeLimit: 1_300_000, evictionPolicy: 'least-frequently-used' })

  test('keeps what was read most, and stores new entries all the same', ({ store }) => {
    fill(store, 500)
    for (let i = 0; i < 200; i++) for (let n = 0; n < 3; n++) store.get(i)
    for (let i = 500; i < 1_500; i++) expect(store.set(i, KIB) && store.has(i)).toBe(true)
    expect(store.hasMany(Array.from({ length: 200 }, (_, i) => i)).every(Boolean)).toBe(true)
  })
})

describe('Cache.expire()', () => {
  const test = cacheTest({ cullLimit: 0 })

  test('removes every expired entry, also thousands that expire together', ({ store, clock }) => {
    const entries = Array.from({ length: 2_500 }, (_, i) => [i, i] as const)
    store.setMany(entries, { ttl: 10 })
    store.set('stays', 1, { ttl: 11 })
    clock.advance(10)
    expect(store.expire()).toBe(2_500)
    expect([...store.keys()]).toEqual(['stays'])
    expect(store.size).toBe(1)
  })
})

describe('Cache.evict()', () => {
  const test = cacheTest()

  test.for([true, false])('removes the entries of a tag, with the tag index %o', (tagIndex, { store }) => {
    store.configure({ tagIndex })
    for (let i = 0; i < 300; i++) store.set(i, i, { tag: i % 3 })
    store.set('bytes', 1, { tag: Buffer.from('t') })
    expect(store.evict(1)).toBe(100)
    expect(store.evict(Buffer.from('t'))).toBe(1)
    expect(store.evict('none')).toBe(0)
    expect(store.size).toBe(200)
  })
})

describe('Cache.evict() without an index', () => {
  const test = cacheTest({ cullLimit: 0, checksums: false })
  const ROWS = 25_000

  /** Stores rows of which only the first and the last are without a tag, or have a rare one. */
  function fillWithTags(store: Cache): void {
    const tagOf = (i: number) => (i < 150 || i >= ROWS - 150 ? (i % 2 === 0 ? 'rare' : undefined) : 'common')
    store.setMany(Array.from({ length: ROWS }, (_, i) => [i, i, { tag: tagOf(i) }] as const))
  }

  test('removes all that are meant, and those only', ({ store }) => {
    fillWithTags(store)
    const common = [...store.keys({ tag: 'common' })]
    expect(common).toEqual(Array.from({ length: ROWS - 300 }, (_, i) => i + 150))
    expect([store.evict('rare'), store.evict({ untagged: true })]).toEqual([150, 150])
    expect([...store.keys()]).toEqual(common)
  })

  test('passes over holes in the order of insertion', ({ store }) => {
    fillWithTags(store)
    store.evict('common')
    store.set('new', 1, { tag: 'rare' })
    expect([store.evict('rare'), store.evict({ untagged: true }), store.size]).toEqual([151, 150, 0])
  })

  test('looks at so many rows in a turn of the event loop, and others write in between', async ({
    store,
    reopen,
  }) => {
    fillWithTags(store)
    const other = reopen()
    let isOver = false
    const evicted = store.promises.evict('none').finally(() => {
      isOver = true
    })
    let writes = 0
    while (!isOver) {
      other.set('between', ++writes)
      await turn()
    }
    expect(await evicted).toBe(0)
    expect(writes).toBeGreaterThan(ROWS / 10_000)
  })
})

describe('Cache.clear()', () => {
  const test = cacheTest()

  test('removes by prefix exactly', ({ store }) => {
    const keys = ['user', 'user:1', 'user:2', 'users', 'uses', 'use', Buffer.from('user:'), 7, ['user:']]
    for (const key of keys) store.set(key, 1)
    expect(store.clear({ prefix: 'user' })).toBe(4)
    expect([...store.keys({ order: 'sorted' })]).toEqual([7, 'use', 'uses', Buffer.from('user:'), ['user:']])
    expect(store.clear({ prefix: '' })).toBe(2)
    expect(store.clear()).toBe(3)
  })
})
