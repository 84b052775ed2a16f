import { join } from 'node:path'
import type { WriteOptions } from '@diskcache/core'
import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE } from '../../tests/cache-test.ts'
import { Random } from '../../tests/processes/random.ts'
import { Cache } from '../cache.ts'

const test = cacheTest()

type Entry = [key: number, value: unknown, options?: WriteOptions]

/** More than one statement takes. */
const KEYS = Array.from({ length: 70 }, (_, i) => i)

/** The columns of all rows that do not differ by time or by name. */
function rowsOf({ directory }: Cache): unknown[] {
  const database = new Database(join(directory, 'cache.db'), { readonly: true })
  const rows = database
    .prepare(
      'SELECT key, value, mode, size, tag, expire_time, node_pin, access_count FROM Cache ORDER BY rowid',
    )
    .all()
  database.close()
  return rows
}

describe('setMany()', () => {
  test('replaces many values by others, and makes those that are new', ({ store }) => {
    for (const last of [70, 71, 200, 201]) {
      const keys = Array.from({ length: last }, (_, i) => i)
      expect(new Set(store.setMany(keys.map((key) => [key, `${last}`])))).toEqual(new Set([true]))
      expect(store.getMany(keys)).toEqual(keys.map(() => `${last}`))
      expect(store.size).toBe(last)
    }
  })

  test('takes options and files away, and leaves the last of several values of a key', ({ store, clock }) => {
    store.setMany(
      KEYS.map((key) => [key, key === 20 ? LARGE : 'old', key % 9 ? {} : { ttl: 10, tag: 't', pin: true }]),
    )
    store.setMany([...KEYS, ...KEYS].map((key, i) => [key, i]))
    clock.advance(10)
    expect(store.getMany(KEYS)).toEqual(KEYS.map((key) => key + KEYS.length))
    expect(store.evict('t')).toBe(0)
  })

  test('leaves the same rows as set() one after the other, at random', ({ store, task }) => {
    using other = new Cache(undefined, { clock: () => 1_000 })
    using many = new Cache(undefined, { clock: () => 1_000 })
    const seed = Math.floor(Math.random() * 2 ** 31)
    const random = new Random(seed)
    for (let round = 0; round < 60; round++) {
      const entries = Array.from({ length: 40 }, () => randomEntry(random, round < 20 ? 40 : 400))
      for (const [key, value, options] of entries) other.set(key, value, options)
      many.setMany(entries)
      expect(rowsOf(many), `${task.name}, seed ${seed}, round ${round}`).toEqual(rowsOf(other))
    }
    expect([many.check(), other.check(), store.size]).toEqual([[], [], 0])
  })
})

/** Mostly entries without options, so that most batches consist of them. */
function randomEntry(random: Random, keys: number): Entry {
  const value = random.chance(0.01) ? LARGE : random.next()
  return random.chance(0.01) ? [random.below(keys), value, { tag: 't' }] : [random.below(keys), value]
}

describe('promises.set()', () => {
  test('of many keys at once answers each, in order with what else is asked for', async ({ store }) => {
    const { promises } = store
    const results = KEYS.map((key) => [promises.set(key, 'first'), promises.get(key), promises.set(key, key)])
    const answers = await Promise.all(results.map((three) => Promise.all(three)))
    expect(answers).toEqual(KEYS.map(() => [true, 'first', true]))
    const tooLarge = Buffer.alloc(2_000_000)
    store.configure({ sizeLimit: 1_000_000 })
    const sets = KEYS.map((key) => promises.set(key, key === 30 ? tooLarge : 'last'))
    expect(await Promise.all(sets)).toEqual(KEYS.map((key) => key !== 30))
    expect(store.getMany(KEYS)).toEqual(KEYS.map((key) => (key === 30 ? undefined : 'last')))
  })
})
