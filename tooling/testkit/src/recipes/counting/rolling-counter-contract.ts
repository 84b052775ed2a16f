import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../../async-store-test.ts'
import type { Recipes } from '../recipes.ts'

const HOUR = 3_600_000
const HOURS = { name: 'visits', period: 'hour', keep: 4 } as const

/** Returns the counts of a series, without when their periods began. */
function countsOf(series: readonly { count: number }[]): number[] {
  return series.map(({ count }) => count)
}

/** What `RollingCounter` does on any engine. The clock of a test begins at some time within an hour. */
export function rollingCounterContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  countsByPeriod(name, open, recipes)
  forgetsPeriods(name, open, recipes)
}

function countsByPeriod(name: string, open: OpenAsyncStore, { RollingCounter }: Recipes): void {
  const test = asyncStoreTest(open)

  describe(`${name}: RollingCounter`, () => {
    test('counts what all processes count, and loses nothing', async ({ store, reopen }) => {
      const counters = [store, reopen(), reopen()].map((store) => new RollingCounter(store, HOURS))
      const counts = await Promise.all(Array.from({ length: 60 }, (_, i) => counters[i % 3]?.incr('k')))
      expect(counts.toSorted((a, b) => Number(a) - Number(b))).toEqual(counts.map((_, i) => i + 1))
      expect(await counters[1]?.count('k')).toBe(60)
    })

    test('RollingCounter.count() and series() give the present period, the last ones, and those since a time', async ({
      store,
      clock,
    }) => {
      const counter = new RollingCounter(store, HOURS)
      const start = Math.floor(clock.time / HOUR) * HOUR
      expect(await counter.incr('k', 5)).toBe(5)
      clock.advance(HOUR)
      expect(await counter.incr('k', 2)).toBe(2)
      clock.advance(2 * HOUR)
      expect(await counter.incr('k')).toBe(1)
      const series = [5, 2, 0, 1].map((count, i) => ({ start: start + i * HOUR, count }))
      expect(await counter.series('k')).toEqual(series)
      expect(await counter.series('k', { last: 2 })).toEqual(series.slice(2))
      expect(await counter.series('k', { since: new Date(start + 2 * HOUR - 1) })).toEqual(series.slice(1))
      const ranges = [{ last: 1 }, { last: 3 }, { last: 4 }, { since: 0 }, { since: start + HOUR }]
      const counts = await Promise.all(ranges.map((range) => counter.count('k', range)))
      expect(counts).toEqual([1, 3, 8, 8, 3])
      expect(await counter.count('k')).toBe(1)
      expect(await counter.series('k', { since: start + 4 * HOUR })).toEqual([])
      expect(await counter.count('k', { since: start + 4 * HOUR })).toBe(0)
    })

    test('keys, names and periods are told apart, and delete() removes one', async ({ store }) => {
      const counter = new RollingCounter(store, HOURS)
      const keys = ['a', 'b', null, 1, ['b'], undefined] as never[]
      for (const [i, key] of keys.entries()) await counter.incr(key, i + 1)
      expect(await Promise.all(keys.map((key) => counter.count(key)))).toEqual([1, 2, 3, 4, 5, 6])
      expect(await new RollingCounter(store, { ...HOURS, name: 'others' }).count('a')).toBe(0)
      expect(await new RollingCounter(store, { ...HOURS, period: 'day' }).count('a')).toBe(0)
      expect(await new RollingCounter(store, { ...HOURS, period: HOUR }).count('a')).toBe(1)
      expect([await counter.delete('a'), await counter.delete('a')]).toEqual([true, false])
      expect([await counter.count('a'), await counter.count()]).toEqual([0, 6])
    })

    test('a count that would not be exact is refused, and stays as it was', async ({ store }) => {
      const counter = new RollingCounter(store, HOURS)
      await counter.incr('k', Number.MAX_SAFE_INTEGER)
      await expect(counter.incr('k')).rejects.toThrow(RangeError)
      expect(await counter.count('k')).toBe(Number.MAX_SAFE_INTEGER)
    })
  })
}

function forgetsPeriods(name: string, open: OpenAsyncStore, { RollingCounter }: Recipes): void {
  const test = asyncStoreTest(open)

  describe(`${name}: RollingCounter`, () => {
    test('periods before those that are kept go, and so does the row with the last of them', async ({
      store,
      clock,
    }) => {
      const counter = new RollingCounter(store, HOURS)
      for (let i = 1; i <= 20; i++) {
        await counter.incr('k', i)
        clock.advance(HOUR)
      }
      expect(countsOf(await counter.series('k'))).toEqual([18, 19, 20, 0])
      const [key] = await Array.fromAsync(store.keys())
      expect(await store.get(key as string)).toMatchObject({ counts: [20, 19, 18, 17] })
      clock.advance(2 * HOUR)
      expect(countsOf(await counter.series('k'))).toEqual([20, 0, 0, 0])
      clock.advance(HOUR - (clock.time % HOUR) + (store.capabilities.clockLag ?? 0))
      expect(countsOf(await counter.series('k'))).toEqual([0, 0, 0, 0])
      expect(await Array.fromAsync(store.keys())).toEqual([])
    })

    test('after a pause that is longer than all that is kept it begins anew', async ({ store, clock }) => {
      const counter = new RollingCounter(store, { ...HOURS, keep: 2 })
      await counter.incr('k', 7)
      clock.advance(1.999 * HOUR)
      expect(await counter.incr('k')).toBe(1)
      clock.advance(90 * HOUR)
      expect(await counter.incr('k')).toBe(1)
      expect(countsOf(await counter.series('k'))).toEqual([0, 1])
    })

    test('a clock that is behind counts where it is, and one that is set back for long begins anew', async ({
      store,
      clock,
    }) => {
      const counter = new RollingCounter(store, HOURS)
      await counter.incr('k', 8)
      clock.advance(-HOUR)
      expect(await counter.incr('k')).toBe(1)
      expect(await counter.count('k', { last: 4 })).toBe(1)
      clock.advance(HOUR)
      expect(countsOf(await counter.series('k', { last: 2 }))).toEqual([1, 8])
      clock.advance(-4 * HOUR)
      expect(await counter.incr('k')).toBe(1)
      clock.advance(HOUR)
      expect(countsOf(await counter.series('k', { last: 2 }))).toEqual([1, 0])
    })

    test('rows have the tag that is given', async ({ store }) => {
      const counter = new RollingCounter(store, { ...HOURS, tag: 'statistics' })
      await Promise.all([counter.incr('a'), counter.incr('b')])
      expect(await store.evict('statistics')).toBe(2)
      expect(await counter.count('a')).toBe(0)
    })
  })
}
