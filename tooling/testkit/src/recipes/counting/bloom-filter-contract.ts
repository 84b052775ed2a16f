import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../../async-store-test.ts'
import type { Recipes } from '../recipes.ts'

const SMALL = { name: 'seen', capacity: 1_000, errorRate: 0.01 }
const FOREIGN = { code: 'ERR_DISKCACHE_FOREIGN_VALUE' }

function valuesOf(prefix: string, length: number): string[] {
  return Array.from({ length }, (_, i) => `${prefix} ${i}`)
}

function countOf(answers: readonly boolean[]): number {
  return answers.filter(Boolean).length
}

/** What `BloomFilter` does on any engine. */
export function bloomFilterContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  remembers(name, open, recipes)
  endsAsAWhole(name, open, recipes)
  refusesAnotherSize(name, open, recipes)
}

function remembers(name: string, open: OpenAsyncStore, { BloomFilter }: Recipes): void {
  const test = asyncStoreTest(open)

  describe(`${name}: BloomFilter`, () => {
    test('BloomFilter.add() tells whether a value was new, and has() whether it was added', async ({
      store,
      reopen,
    }) => {
      const [here, there] = [store, reopen()].map((store) => new BloomFilter(store, SMALL))
      expect([await here?.has('a'), await here?.size()]).toEqual([false, 0])
      expect([await here?.add('a'), await here?.add('a'), await there?.add('a')]).toEqual([
        true,
        false,
        false,
      ])
      expect([await there?.has('a'), await there?.has('b')]).toEqual([true, false])
    })

    test('values are compared as keys are', async ({ store }) => {
      const filter = new BloomFilter(store, SMALL)
      await filter.addMany([1, { a: 1, b: [2] }, null])
      const answers = await filter.hasMany([1n, '1', { b: [2], a: 1 }, { a: 1 }, null, 'null'])
      expect(answers).toEqual([true, false, true, false, true, false])
    })

    test('nothing that a process has added is missed by any, while all add at once', async ({
      store,
      reopen,
    }) => {
      const filters = [store, reopen(), reopen()].map((store) => new BloomFilter(store, SMALL))
      const groups = filters.map((_, i) => valuesOf(`process ${i}`, 200))
      await Promise.all(filters.map((filter, i) => Promise.all(groups[i]!.map((value) => filter.add(value)))))
      for (const filter of filters) expect(countOf(await filter.hasMany(groups.flat()))).toBe(600)
    })

    test('of several processes that add a value at once, one at most is told that it was new', async ({
      store,
      reopen,
    }) => {
      const filters = [store, reopen(), reopen()].map((store) => new BloomFilter(store, SMALL))
      for (const value of valuesOf('value', 10)) {
        const news = await Promise.all(filters.map((filter) => filter.add(value)))
        expect(countOf(news)).toBe(1)
      }
    })

    test('BloomFilter.addMany() answers for each value, also for one that comes twice', async ({ store }) => {
      const filter = new BloomFilter(store, SMALL)
      expect(await filter.addMany(['a', 'b', 'a'])).toEqual([true, true, false])
      expect(await filter.addMany(['b', 'c'])).toEqual([false, true])
      expect(await filter.addMany([])).toEqual([])
      expect(await filter.hasMany(['c', 'd', 'a', 'a'])).toEqual([true, false, true, true])
    })

    test('it errs as seldom as it was told to when it is full, and knows about how many there are', async ({
      store,
    }) => {
      const filter = new BloomFilter(store, { name: 'full', capacity: 5_000, errorRate: 0.02 })
      const added = await filter.addMany(valuesOf('added', 5_000))
      expect(countOf(added)).toBeGreaterThan(0.99 * 5_000)
      expect(countOf(await filter.hasMany(valuesOf('added', 5_000)))).toBe(5_000)
      const errors = countOf(await filter.hasMany(valuesOf('other', 5_000)))
      expect(errors).toBeLessThan(1.3 * 0.02 * 5_000)
      expect(errors).toBeGreaterThan(0.4 * 0.02 * 5_000)
      expect(Math.abs((await filter.size()) - 5_000)).toBeLessThan(0.03 * 5_000)
    })
  })
}

function endsAsAWhole(name: string, open: OpenAsyncStore, { BloomFilter }: Recipes): void {
  const test = asyncStoreTest(open)

  describe(`${name}: BloomFilter`, () => {
    test('it ends as a whole, a ttl after its first value, and begins anew', async ({ store, clock }) => {
      const filter = new BloomFilter(store, { name: 'day', capacity: 5_000, errorRate: 0.01, ttl: 1_000 })
      const values = valuesOf('value', 60)
      for (const value of values) {
        await filter.add(value)
        clock.advance(15)
      }
      expect(countOf(await filter.hasMany(values))).toBe(60)
      clock.advance(99)
      expect(countOf(await filter.hasMany(values))).toBe(60)
      const lag = store.capabilities.clockLag ?? 0
      clock.advance(1 + lag)
      expect(await filter.addMany(values.slice(0, 30))).toEqual(values.slice(0, 30).map(() => true))
      clock.advance(999 - lag)
      expect(countOf(await filter.hasMany(values.slice(0, 30)))).toBe(30)
      clock.advance(1 + lag)
      expect(countOf(await filter.hasMany(values))).toBe(0)
      expect(await Array.fromAsync(store.keys())).toEqual([])
      expect(await filter.add('value 0')).toBe(true)
      clock.advance(999)
      expect(await filter.has('value 0')).toBe(true)
    })

    test('BloomFilter.clear() removes all values, and not those of another name', async ({
      store,
      reopen,
    }) => {
      const filter = new BloomFilter(store, { ...SMALL, capacity: 5_000 })
      const other = new BloomFilter(store, { ...SMALL, name: 'other' })
      await Promise.all([filter.addMany(valuesOf('value', 100)), other.add('value 1')])
      await new BloomFilter(reopen(), { ...SMALL, capacity: 5_000 }).clear()
      expect(countOf(await filter.hasMany(valuesOf('value', 100)))).toBe(0)
      expect([await filter.size(), await other.has('value 1')]).toEqual([0, true])
      expect(await filter.add('value 1')).toBe(true)
    })

    test('what is added after clear() ends with all others', async ({ store, clock }) => {
      const filter = new BloomFilter(store, { ...SMALL, capacity: 5_000, ttl: 1_000 })
      await filter.add('a')
      clock.advance(500)
      await filter.clear()
      await filter.addMany(valuesOf('value', 100))
      clock.advance(499)
      expect(countOf(await filter.hasMany(valuesOf('value', 100)))).toBe(100)
      clock.advance(1 + (store.capabilities.clockLag ?? 0))
      expect(countOf(await filter.hasMany(valuesOf('value', 100)))).toBe(0)
    })

    test('rows have the tag that is given', async ({ store }) => {
      const filter = new BloomFilter(store, { ...SMALL, tag: 'lists' })
      await filter.add('a')
      await store.evict('lists')
      expect([await filter.has('a'), await store.count()]).toEqual([false, 0])
    })
  })
}

function refusesAnotherSize(name: string, open: OpenAsyncStore, { BloomFilter }: Recipes): void {
  const test = asyncStoreTest(open)

  describe(`${name}: BloomFilter`, () => {
    test.for([{ capacity: 1_001 }, { errorRate: 0.02 }, { capacity: 100_000 }])(
      'a filter of another size under one name is refused, whatever is asked: %o',
      async (size, { store }) => {
        await new BloomFilter(store, SMALL).add('a')
        const other = new BloomFilter(store, { ...SMALL, ...size })
        for (const value of ['a', 'b', 'c']) {
          for (const ask of [() => other.add(value), () => other.has(value), () => other.size()])
            await expect(ask()).rejects.toMatchObject({
              ...FOREIGN,
              message: expect.stringMatching(
                /'seen' with a capacity of \d+ .*made with 1000 and 0.01; clear it/,
              ),
            })
        }
        expect(await new BloomFilter(store, SMALL).has('a')).toBe(true)
      },
    )

    test('until one of the other size is cleared, which it then has', async ({ store }) => {
      const [large, small] = [5_000, 1_000].map((capacity) => new BloomFilter(store, { ...SMALL, capacity }))
      await large?.addMany(valuesOf('value', 500))
      await small?.clear()
      expect(await small?.size()).toBe(0)
      expect(await small?.add('a')).toBe(true)
      await expect(large?.has('a')).rejects.toMatchObject(FOREIGN)
      // Its own row, and one of the head: those of the larger one are gone.
      expect(await store.count()).toBeLessThanOrEqual(4)
    })
  })
}
