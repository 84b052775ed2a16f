import { channel } from 'node:diagnostics_channel'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE, loseFiles } from '../../tests/cache-test.ts'
import { Cache } from '../cache.ts'

const test = cacheTest()

describe('push() and pull()', () => {
  test('are a queue, and a stack from the same side', ({ store }) => {
    for (const value of ['a', 'b', 'c']) store.push(value)
    expect(store.push('first', { side: 'front' })).toBe(499_999_999_999_999)
    expect(store.pull()?.value).toBe('first')
    expect(store.pull({ side: 'back' })?.value).toBe('c')
    expect([store.pull(), store.pull(), store.pull()].map((entry) => entry?.value)).toEqual([
      'a',
      'b',
      undefined,
    ])
  })

  test('start again at the first key when the queue was emptied', ({ store }) => {
    expect([store.push(1), store.push(2)]).toEqual([500_000_000_000_000, 500_000_000_000_001])
    store.pull()
    store.pull()
    expect(store.push(3)).toBe(500_000_000_000_000)
  })

  test('keep queues of several prefixes, and ordinary keys, apart', ({ store }) => {
    store.set(5, 'ordinary')
    store.set('a-5abc', 'ordinary')
    store.push('a-5', { prefix: 'a-5' })
    store.push('a', { prefix: 'a' })
    store.push('none')
    store.push('a again', { prefix: 'a' })
    expect(store.pull({ prefix: 'a' })).toEqual({
      key: 'a-500000000000000',
      value: 'a',
      expireTime: null,
      tags: [],
    })
    expect(store.pull({ prefix: 'a', side: 'back' })?.value).toBe('a again')
    expect(store.pull({ prefix: 'a' })).toBeUndefined()
    expect(store.pull()?.value).toBe('none')
    expect(store.pull({ prefix: 'a-5' })?.value).toBe('a-5')
    expect(store.size).toBe(2)
  })

  test('pass over expired and damaged items, and remove them', ({ store, clock }) => {
    store.push('expired', { ttl: 10 })
    store.push(LARGE)
    loseFiles(store)
    store.push('live', { ttl: 1_000, tag: 't' })
    clock.advance(10)
    expect(store.peek()?.value).toBe('live')
    expect(store.pull()).toMatchObject({ value: 'live', expireTime: clock.time + 990, tags: ['t'] })
    expect(store.size).toBe(0)
  })

  test('give an item the ttl of the cache, unless it has its own, or one of a range', ({
    directory,
    clock,
  }) => {
    using store = new Cache(directory, { clock: clock.now, ttl: 1_000 })
    for (const options of [{}, { ttl: 5 }, { ttl: Infinity }, { ttl: { min: 7, max: 7 } }])
      store.push(1, options)
    const times = Array.from({ length: 4 }, () => store.pull()?.expireTime)
    expect(times).toEqual([clock.time + 1_000, clock.time + 5, null, clock.time + 7])
  })

  test('keep large items', ({ store }) => {
    store.push(LARGE)
    expect(store.peek()?.value).toBe(LARGE)
    expect(store.pull()?.value).toBe(LARGE)
  })
})

describe('peekItem()', () => {
  test('gives the last or first live entry in the order of insertion', ({ store, clock }) => {
    expect(store.peekItem()).toBeUndefined()
    store.set('expiring', 0, { ttl: 1 })
    store.set(['first'], 1)
    store.set('second', 2)
    store.set(['first'], 'replaced')
    store.set('last', 3, { ttl: 1 })
    clock.advance(1)
    expect(store.peekItem()).toMatchObject({ key: 'second', value: 2 })
    expect(store.peekItem({ last: false })).toMatchObject({ key: ['first'], value: 'replaced' })
  })
})

test('Cache.pull() tells the channel of damaged items, and passes over them', ({ store }) => {
  const told: unknown[] = []
  const note = (message: unknown) => told.push(message)
  channel('diskcache:damage').subscribe(note)
  const key = store.push(LARGE)
  loseFiles(store)
  store.push('sound')
  expect(store.pull()?.value).toBe('sound')
  channel('diskcache:damage').unsubscribe(note)
  expect(told).toEqual([{ store: store.directory, reason: 'entry', key }])
})
