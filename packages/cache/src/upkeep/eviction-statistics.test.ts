import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { cacheTest } from '../../tests/cache-test.ts'
import type { Cache } from '../cache.ts'

const KIB = Buffer.alloc(1_024, 1)

/** More entries than there is room for. */
const MANY = 900

const test = cacheTest({ sizeLimit: 2 ** 20, statistics: true })

function fill(store: Cache, name: string, count: number): void {
  for (let i = 0; i < count; i++) store.set(`${name} ${i}`, KIB)
}

describe('stats().evictions', () => {
  test('is left out while nothing was evicted, and counts nothing without statistics', ({ store }) => {
    fill(store, 'a', 10)
    expect(store.stats()).toStrictEqual({ hits: 0, misses: 0, dropped: 0 })
    store.stats({ enable: false })
    fill(store, 'b', MANY)
    expect(store.size).toBeLessThan(MANY)
    expect(store.stats()).toStrictEqual({ hits: 0, misses: 0, dropped: 0 })
  })

  test('counts by age, what was evicted and nothing else, until it is reset', ({ store, clock }) => {
    store.set('expires', 1, { ttl: 10 })
    fill(store, 'a', 200)
    clock.advance(90_000)
    fill(store, 'b', MANY)
    const { evictions } = store.stats({ reset: true })
    expect(evictions?.count).toBe(200 + MANY - store.size)
    expect(evictions?.byAge).toEqual({
      second: evictions!.count - 200,
      minute: 0,
      hour: 200,
      day: 0,
      week: 0,
      older: 0,
    })
    expect(store.stats().evictions).toBeUndefined()
  })

  test('counts by hits, those that are only noted in memory, too', ({ store }) => {
    fill(store, 'first', MANY)
    store.stats({ reset: true })
    fill(store, 'once', 50)
    for (let i = 0; i < 50; i++) store.get(`once ${i}`)
    fill(store, 'scan', MANY)
    const { count, byHits } = store.stats().evictions!
    expect(byHits).toEqual({ none: count - 50, one: 50, more: 0 })
  })

  test('counts hits with least-frequently-used, and none with least-recently-stored', ({ store }) => {
    store.configure({ evictionPolicy: 'least-frequently-used' })
    fill(store, 'a', 100)
    for (let n = 0; n < 2; n++) store.getMany(Array.from({ length: 100 }, (_, i) => `a ${i}`))
    fill(store, 'b', MANY)
    const frequent = store.stats({ reset: true }).evictions!
    expect(frequent.byHits).toEqual({ none: frequent.count, one: 0, more: 0 })
    store.configure({ evictionPolicy: 'least-recently-stored' })
    fill(store, 'c', MANY)
    expect(store.stats().evictions?.count).toBeGreaterThan(0)
    expect(store.stats().evictions?.byHits).toEqual({ none: 0, one: 0, more: 0 })
  })
})

describe('stats().evictions in a directory of others', () => {
  test('counts no hits of a row that is damaged', ({ store }) => {
    store.configure({ evictionPolicy: 'least-frequently-used' })
    fill(store, 'a', 10)
    const database = new Database(join(store.directory, 'cache.db'))
    database.exec(
      "UPDATE Cache SET access_count = CASE WHEN rowid % 2 THEN -5 ELSE 'x' END, store_time = 'x'",
    )
    database.close()
    fill(store, 'b', MANY)
    const { count, byAge, byHits } = store.stats().evictions!
    store.check({ fix: true })
    const counted = byHits.none + byHits.one + byHits.more
    expect(counted).toBeLessThan(count)
    expect(counted).toBeGreaterThanOrEqual(count - 10)
    expect(byAge).toEqual({ second: count, minute: 0, hour: 0, day: 0, week: 0, older: 0 })
  })

  test('is of all processes, and of none where a transaction was undone or what stands there is damaged', ({
    store,
    reopen,
  }) => {
    fill(store, 'a', MANY)
    const { evictions } = store.stats()
    const undo = () =>
      store.transact(() => {
        fill(store, 'b', 100)
        throw new Error('undone')
      })
    expect(undo).toThrow('undone')
    expect(reopen().stats().evictions).toEqual(evictions)
    const database = new Database(join(store.directory, 'cache.db'))
    database.prepare("UPDATE Settings SET value = 'x' WHERE key = 'node_evictions'").run()
    database.close()
    expect(store.stats().evictions).toBeUndefined()
    fill(store, 'c', 10)
    expect(store.stats().evictions?.count).toBeGreaterThan(0)
  })
})
