import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE } from '../../tests/cache-test.ts'
import type { Cache } from '../cache.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1e6)

const POLICIES = [
  's3-fifo',
  'least-recently-stored',
  'least-recently-used',
  'least-frequently-used',
  { by: 'size', first: 'highest' },
  { by: 'expireTime', first: 'lowest' },
] as const

const test = cacheTest({ maxEntries: 20 })

function fill(store: Cache, count: number, name = ''): void {
  for (let i = 0; i < count; i++) store.set(`${name}${i}`, i)
}

/** Runs SQL beside the cache. */
function execute(store: Cache, sql: string): void {
  const database = new Database(`${store.directory}/cache.db`)
  database.exec(sql)
  database.close()
}

/** Returns pseudo-random integers from 0 to below `most`, by Park and Miller. */
function randomIntegers(seed: number): (most: number) => number {
  let state = (seed % 2_147_483_646) + 1
  return (most) => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
}

/** Does something at random that may add entries, and returns the key that was written, if it is to be there. */
function actAtRandom(store: Cache, random: (most: number) => number): string | undefined {
  const key = `key ${random(60)}`
  const pin = random(20) === 0 ? 'share' : false
  const writes = [
    () => store.set(key, 'value', { pin, ttl: 1_000 + random(1_000) }),
    () => store.set(key, LARGE, { pin }),
    () => store.add(key, 1),
    () => store.update(key, () => ({ set: 1 })),
  ]
  const others = [
    () => store.push(random(10), { prefix: 'jobs' }),
    () => store.pull({ prefix: 'jobs' }),
    () => store.delete(key),
    () => store.get(key),
    () => store.rename(key, `key ${random(60)}`),
    () => store.setMany(Array.from({ length: 30 }, () => [`key ${random(60)}`, 2])),
    () => store.transact(() => fill(store, 5, 'together')),
  ]
  const choice = random(writes.length + others.length)
  const act = writes[choice] ?? others[choice - writes.length]
  act?.()
  return choice < writes.length ? key : undefined
}

describe('maxEntries', () => {
  test.for(POLICIES)(
    `holds after each write of random ones, which keep what they wrote, by the policy %o (SEED=${SEED})`,
    (evictionPolicy, { store, clock }) => {
      store.configure({ evictionPolicy })
      const random = randomIntegers(SEED)
      for (let i = 0; i < 600; i++) {
        const written = actAtRandom(store, random)
        expect(store.size).toBeLessThanOrEqual(20)
        if (written !== undefined) expect(store.has(written)).toBe(true)
        clock.advance(random(20))
      }
      expect(store.keys().toArray()).toHaveLength(store.size)
    },
  )

  test('holds with promises, that are committed together, too', async ({ store }) => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => store.promises.set(i, i)))
    expect(store.size).toBe(20)
    await store.promises.setMany(Array.from({ length: 200 }, (_, i) => [i, i]))
    expect(store.size).toBe(20)
  })

  test('of 1 leaves the entry that was written last', ({ store }) => {
    store.configure({ maxEntries: 1 })
    for (const evictionPolicy of POLICIES) {
      store.configure({ evictionPolicy })
      fill(store, 5)
      expect([...store]).toEqual([['4', 4]])
    }
  })

  test('lets expired entries go before others', ({ store, clock }) => {
    fill(store, 10)
    for (let i = 0; i < 10; i++) store.set(`expiring ${i}`, 1, { ttl: 10 })
    clock.advance(10)
    fill(store, 10, 'new ')
    expect(store.hasMany(Array.from({ length: 10 }, (_, i) => `${i}`))).not.toContain(false)
  })

  test('keeps what is asked for again, as soon as the cache is nearly full', ({ store }) => {
    fill(store, 16)
    for (let i = 0; i < 3; i++) for (let key = 0; key < 5; key++) store.get(`${key}`)
    fill(store, 100, 'scan ')
    expect(store.hasMany(['0', '1', '2', '3', '4'])).not.toContain(false)
  })

  test('counts hits of what goes, with statistics', ({ store }) => {
    store.configure({ statistics: true })
    fill(store, 50)
    expect(store.stats().evictions?.count).toBe(30)
  })
})

describe('maxEntries and what is pinned', () => {
  test('lets other entries go, and only these', ({ store }) => {
    for (let i = 0; i < 25; i++) store.set(`pinned ${i}`, i, { pin: true })
    expect(store.size).toBe(25)
    fill(store, 10)
    expect([...store.keys({ prefix: 'pinned' })]).toHaveLength(25)
    expect(store.size).toBe(26)
    expect(store.has('9')).toBe(true)
  })

  test('lets a sixteenth be pinned within a share, and the oldest beyond it go', ({ store, clock }) => {
    store.configure({ maxEntries: 320 })
    fill(store, 250)
    for (let i = 0; i < 1_000; i++) {
      store.set(`row ${i}`, i, { pin: 'share' })
      clock.advance(1)
    }
    const rows = [...store.keys({ prefix: 'row' })]
    expect(store.size).toBe(320)
    expect(rows).toContain('row 999')
    expect(rows).not.toContain('row 0')
    expect(store.hasMany(Array.from({ length: 250 }, (_, i) => `${i}`))).not.toContain(false)
    fill(store, 1_000, 'new ')
    expect([...store.keys({ prefix: 'row' })].length).toBeGreaterThanOrEqual(15)
    expect([...store.keys({ prefix: 'row' })].length).toBeLessThan(70)
  })
})

describe('A cache that has more than maxEntries', () => {
  test('shrinks by a bounded number with each write, and at once by cull()', ({ store }) => {
    store.configure({ maxEntries: Infinity })
    store.setMany(Array.from({ length: 2_000 }, (_, i) => [i, i]))
    store.configure({ maxEntries: 20 })
    expect(store.size).toBe(2_000)
    store.set('one', 1)
    expect(store.size).toBe(1_501)
    store.set('one', 2)
    expect(store.size).toBe(1_001)
    expect(store.cull()).toBe(981)
    expect(store.size).toBe(20)
  })

  test('shrinks with promises', async ({ store }) => {
    store.configure({ maxEntries: Infinity })
    await store.promises.setMany(Array.from({ length: 2_000 }, (_, i) => [i, i]))
    await store.promises.configure({ maxEntries: 20 })
    expect(await store.promises.cull()).toBe(1_980)
  })

  test('keeps its entries with cullLimit 0 until cull(), and with the policy none for good', ({ store }) => {
    store.configure({ cullLimit: 0 })
    fill(store, 50)
    expect(store.size).toBe(50)
    expect(store.cull()).toBe(30)
    store.configure({ cullLimit: 10, evictionPolicy: 'none' })
    fill(store, 50)
    expect(store.cull()).toBe(0)
    expect(store.size).toBe(50)
  })

  test('is one that another process has filled, until the next write', ({ store, reopen, clock }) => {
    const other = reopen()
    other.configure({ maxEntries: Infinity })
    fill(other, 50)
    store.configure({ maxEntries: 30 })
    expect(store.set('one', 1)).toBe(true)
    expect(store.size).toBe(30)
    fill(other, 50, 'late ')
    clock.advance(1_000)
    other.set('two', 2)
    expect(other.size).toBe(30)
  })

  test('is not one whose counter is damaged', ({ store }) => {
    fill(store, 15)
    execute(store, "UPDATE Settings SET value = 1000000 WHERE key = 'count'")
    store.set('one', 1)
    expect(store.size).toBe(16)
    execute(store, "UPDATE Settings SET value = 40 WHERE key = 'count'")
    store.set('two', 1)
    expect(store.size).toBe(17)
  })
})

describe('The setting maxEntries', () => {
  test('is of the directory, and gone with Infinity', ({ store, reopen, clock }) => {
    const other = reopen()
    expect(other.settings.maxEntries).toBe(20)
    other.configure({ maxEntries: Infinity })
    clock.advance(1_000)
    fill(store, 50)
    expect([store.size, store.settings.maxEntries]).toEqual([50, Infinity])
  })

  test.for([
    [0, RangeError, 'Cannot use maxEntries: expected an integer from 1 to'],
    [1.5, RangeError, 'or Infinity, got 1.5'],
    [Number.NaN, RangeError, 'or Infinity'],
    ['5', TypeError, 'maxEntries'],
    [null, TypeError, 'maxEntries'],
  ] as const)('refuses %o', async ([maxEntries, type, message], { store }) => {
    const settings = { maxEntries: maxEntries as number }
    for (const expected of [type, message]) {
      expect(() => store.configure(settings)).toThrow(expected)
      await expect(store.promises.configure(settings)).rejects.toThrow(expected)
    }
    expect(store.settings.maxEntries).toBe(20)
  })
})
