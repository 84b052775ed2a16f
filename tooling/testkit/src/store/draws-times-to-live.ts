import { Readable } from 'node:stream'
import type { WriteOptions } from '@diskcache/core'
import { describe, expect } from 'vitest'
import type { SyncStore } from '../store-test.ts'
import { expectDrawn, ILLEGAL_RANGES, RANGE, TOGETHER } from './drawn-times.ts'
import type { StoreSuite } from './store-suite.ts'

type Write = (store: SyncStore, options?: WriteOptions) => unknown

const each = (write: (store: SyncStore, key: string, options?: WriteOptions) => unknown): Write => {
  return (store, options) => Promise.all(TOGETHER.map((key) => write(store, key, options)))
}

/** All that make an entry. */
const WRITES: readonly [string, Write][] = [
  ['set', each((store, key, options) => store.set(key, 1, options))],
  [
    'setMany',
    (store, options) =>
      store.setMany(
        TOGETHER.map((key) => [key, 1] as const),
        options,
      ),
  ],
  [
    'setMany of each',
    (store, options) => store.setMany(TOGETHER.map((key) => [key, 1, options ?? {}] as const)),
  ],
  ['add', each((store, key, options) => store.add(key, 1, options))],
  ['update', each((store, key, options) => store.update(key, () => ({ set: 1, ...options })))],
  ['incr', each((store, key, options) => store.incr(key, 1, options))],
  ['write', each((store, key, options) => store.write(key, Readable.from([key]), options))],
]

/** Tests times to live: those of a range, and those that a store gives to writes without one. */
export function drawsTimesToLive(suite: StoreSuite): void {
  drawsForWrites(suite)
  hasADefault(suite)
  refusesRanges(suite)
}

function drawsForWrites({ name, test }: StoreSuite): void {
  describe.each(WRITES)(`${name}: the ttl of %s`, (_, write) => {
    test('is drawn from a range for each entry', async ({ store, clock }) => {
      await write(store, { ttl: RANGE })
      expectDrawn(store.getEntries(TOGETHER), clock.time)
    })

    test('is that of the store where none is given', async ({ reopen, clock }) => {
      const store = reopen({ ttl: RANGE })
      await write(store)
      expectDrawn(store.getEntries(TOGETHER), clock.time)
      store.clear()
      await write(store, { ttl: undefined, tag: 't' })
      expectDrawn(store.getEntries(TOGETHER), clock.time)
    })

    test('is its own where the store has another', async ({ reopen, clock }) => {
      const store = reopen({ ttl: 1_000 })
      await write(store, { ttl: Infinity })
      expect(store.getEntries(TOGETHER).map((entry) => entry?.expireTime)).toEqual(TOGETHER.map(() => null))
      store.clear()
      await write(store, { ttl: RANGE })
      expectDrawn(store.getEntries(TOGETHER), clock.time)
    })
  })
}

function hasADefault({ name, test }: StoreSuite): void {
  describe(`${name}: the ttl of a store`, () => {
    test('is of this object, and not of what another writes', ({ store, reopen, clock }) => {
      const other = reopen({ ttl: 1_000 })
      store.set('k', 1)
      other.set('l', 1)
      clock.advance(1_000)
      expect(store.hasMany(['k', 'l'])).toEqual([true, false])
    })

    test('leaves entries alone that are changed in place', ({ store, reopen }) => {
      const other = reopen({ ttl: 1_000 })
      store.set('k', 1)
      other.incr('k')
      other.update('k', () => ({ set: 3 }))
      expect(other.getEntry('k')).toMatchObject({ value: 3, expireTime: null })
      expect(() => other.touch('k', {} as never)).toThrow(TypeError)
    })

    test('is that of memoized results, but not of what is known of a function', async ({ reopen, clock }) => {
      const memoized = () => reopen({ ttl: 1_000 }).memoize(async (n: number) => n, { name: 'f' })
      const first = memoized()
      await first(1)
      clock.advance(900)
      await first(2)
      clock.advance(500)
      const [later, original] = [memoized(), reopen().memoize(async (n: number) => n, { name: 'f' })]
      // A hit of a function that gives promises is one.
      expect(later(2)).toBeInstanceOf(Promise)
      expect(reopen().has(original.cacheKey(1))).toBe(false)
      clock.advance(500)
      expect(reopen().has(original.cacheKey(2))).toBe(false)
    })
  })
}

function refusesRanges({ name, test }: StoreSuite): void {
  test(`${name} keeps nothing where 0 is drawn`, ({ store }) => {
    const nothing = { ttl: { min: 0, max: 0 } }
    store.set('k', 1)
    expect([store.set('k', 2, nothing), store.add('l', 1, nothing)]).toEqual([true, false])
    expect(store.incr('m', 1, nothing)).toBe(1)
    expect(store.hasMany(['k', 'l', 'm'])).toEqual([false, false, false])
  })

  describe(`${name}: touch()`, () => {
    test('draws from a range', ({ store, clock }) => {
      for (const key of TOGETHER) store.set(key, 1)
      for (const key of TOGETHER) store.touch(key, { ttl: RANGE })
      expectDrawn(store.getEntries(TOGETHER), clock.time)
    })
  })

  test.for(ILLEGAL_RANGES)(`${name} refuses the ttl %o`, ([ttl, message], { store, reopen }) => {
    store.set('k', 1)
    expect(() => store.set('k', 2, { ttl })).toThrow(message)
    expect(() => store.setMany([['k', 2, { ttl }]])).toThrow(message)
    expect(() => store.incr('k', 1, { ttl })).toThrow(message)
    expect(() => store.update('k', () => ({ set: 2, ttl }))).toThrow(message)
    expect(() => store.touch('k', { ttl })).toThrow(message)
    expect(() => reopen({ ttl })).toThrow(message)
    expect(store.getEntry('k')).toMatchObject({ value: 1, expireTime: null })
  })
}
