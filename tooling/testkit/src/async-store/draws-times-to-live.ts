import { Readable } from 'node:stream'
import type { AsyncStore, WriteOptions } from '@diskcache/core'
import { describe, expect } from 'vitest'
import { expectDrawn, ILLEGAL_RANGES, RANGE, TOGETHER } from '../store/drawn-times.ts'
import type { AsyncStoreSuite } from './async-store-suite.ts'

type Write = (store: AsyncStore, options?: WriteOptions) => Promise<unknown>

const each = (write: (store: AsyncStore, key: string, options?: WriteOptions) => unknown): Write => {
  return (store, options) => Promise.all(TOGETHER.map((key) => write(store, key, options)))
}

const WRITES: readonly [string, Write][] = [
  ['set', each((store, key, options) => store.set(key, 1, options))],
  ['set of large values', each((store, key, options) => store.set(key, Buffer.alloc(200_000), options))],
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
  ['incr by fractions', each((store, key, options) => store.incr(key, 0.5, options))],
]

const STREAMED: Write = each((store, key, options) => store.write(key, Readable.from([key]), options))

/** Tests times to live: those of a range, and those that a store gives to writes without one. */
export function drawsTimesToLive(suite: AsyncStoreSuite): void {
  drawsForWrites(suite)
  hasADefault(suite)
  refusesRanges(suite)
}

function drawsForWrites({ name, test, capabilities }: AsyncStoreSuite): void {
  const writes = capabilities.streams ? [...WRITES, ['write', STREAMED] as const] : WRITES
  describe.each(writes)(`${name}: the ttl of %s`, (_, write) => {
    test('is drawn from a range for each entry', async ({ store, clock }) => {
      await write(store, { ttl: RANGE })
      expectDrawn(await store.getEntries(TOGETHER), clock.time)
    })

    test('is that of the store where none is given', async ({ reopen, clock }) => {
      const store = reopen({ ttl: RANGE })
      await write(store)
      expectDrawn(await store.getEntries(TOGETHER), clock.time)
      await store.clear()
      await write(store, { ttl: undefined, tag: 't' })
      expectDrawn(await store.getEntries(TOGETHER), clock.time)
    })

    test('is its own where the store has another', async ({ reopen, clock }) => {
      const store = reopen({ ttl: 1_000 })
      await write(store, { ttl: Infinity })
      const entries = await store.getEntries(TOGETHER)
      expect(entries.map((entry) => entry?.expireTime)).toEqual(TOGETHER.map(() => null))
      await store.clear()
      await write(store, { ttl: RANGE })
      expectDrawn(await store.getEntries(TOGETHER), clock.time)
    })
  })
}

function hasADefault({ name, test }: AsyncStoreSuite): void {
  describe(`${name}: the ttl of a store`, () => {
    test('is of this object, and not of what another writes', async ({ store, reopen, clock }) => {
      const other = reopen({ ttl: 1_000 })
      await store.set('k', 1)
      await other.set('l', 1)
      clock.advance(1_000)
      expect(await store.hasMany(['k', 'l'])).toEqual([true, false])
    })

    test('leaves entries alone that are changed in place', async ({ store, reopen }) => {
      const other = reopen({ ttl: 1_000 })
      await store.set('k', 1)
      await other.incr('k')
      await other.incr('k', 0.5)
      await other.update('k', () => ({ set: 3 }))
      expect(await other.getEntry('k')).toMatchObject({ value: 3, expireTime: null })
      await expect(other.touch('k', {} as never)).rejects.toThrow(TypeError)
    })

    test('is given once by changes that are made together', async ({ reopen, clock }) => {
      const store = reopen({ ttl: RANGE })
      // Behind these, the changes of one entry wait for each other.
      const removals = [store.delete('text'), store.delete('sum')]
      const updates = TOGETHER.map((letter) =>
        store.update('text', (entry) => ({ set: (entry?.value ?? '') + letter })),
      )
      const sums = TOGETHER.map(() => store.incr('sum'))
      const told = await Promise.all(updates)
      await Promise.all([...removals, ...sums])
      const [text, sum] = await store.getEntries(['text', 'sum'])
      expect([text?.value, sum?.value]).toEqual([TOGETHER.join(''), TOGETHER.length])
      expectDrawn([text, sum], clock.time)
      for (const entry of told)
        expect(Math.abs(Number(entry?.expireTime) - Number(text?.expireTime))).toBeLessThan(10_000)
    })
  })
}

function refusesRanges({ name, test }: AsyncStoreSuite): void {
  test(`${name} keeps nothing where 0 is drawn`, async ({ store }) => {
    const nothing = { ttl: { min: 0, max: 0 } }
    await store.set('k', 1)
    expect([await store.set('k', 2, nothing), await store.add('l', 1, nothing)]).toEqual([true, false])
    expect(await store.incr('m', 1, nothing)).toBe(1)
    expect(await store.hasMany(['k', 'l', 'm'])).toEqual([false, false, false])
  })

  describe(`${name}: touch()`, () => {
    test('draws from a range', async ({ store, clock }) => {
      await store.setMany(TOGETHER.map((key) => [key, 1] as const))
      await Promise.all(TOGETHER.map((key) => store.touch(key, { ttl: RANGE })))
      expectDrawn(await store.getEntries(TOGETHER), clock.time)
    })
  })

  test.for(ILLEGAL_RANGES)(`${name} refuses the ttl %o`, async ([ttl, message], { store, reopen }) => {
    await store.set('k', 1)
    await expect(store.set('k', 2, { ttl })).rejects.toThrow(message)
    await expect(store.setMany([['k', 2, { ttl }]])).rejects.toThrow(message)
    await expect(store.update('k', () => ({ set: 2, ttl }))).rejects.toThrow(message)
    await expect(store.touch('k', { ttl })).rejects.toThrow(message)
    expect(() => reopen({ ttl })).toThrow(message)
    expect(await store.getEntry('k')).toMatchObject({ value: 1, expireTime: null })
  })
}
