import { setChannel } from '@diskcache/core'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE, valueFiles } from '../../tests/cache-test.ts'

const test = cacheTest()

describe('rename()', () => {
  test('keeps value, expiry, tag, pin and place, and writes no file', ({ store, clock }) => {
    store.set('before', 0)
    store.set('a', LARGE, { ttl: 1_000, tag: 't', pin: true })
    store.set('after', 2)
    const files = valueFiles(store)
    expect(store.rename('a', ['b'])).toBe(true)
    expect(store.getEntry(['b'])).toEqual({ value: LARGE, expireTime: clock.time + 1_000, tags: ['t'] })
    expect([...store.keys()]).toEqual(['before', ['b'], 'after'])
    expect([store.has('a'), valueFiles(store)]).toEqual([false, files])
  })

  test('removes the entry that has the other key, with its file', ({ store }) => {
    store.setMany([
      ['a', 1],
      ['b', LARGE],
    ])
    expect(store.rename('a', 'b')).toBe(true)
    expect([store.get('b'), store.size, valueFiles(store)]).toEqual([1, 1, []])
  })

  test('to the same key changes nothing', ({ store }) => {
    store.set(1, LARGE)
    expect(store.rename(1, 1n)).toBe(true)
    expect(store.get(1)).toBe(LARGE)
  })

  test('gives false for an entry that is missing or expired, and removes nothing', ({ store, clock }) => {
    store.setMany([
      ['a', 1, { ttl: 10 }],
      ['b', 2],
    ])
    clock.advance(10)
    expect([store.rename('a', 'b'), store.rename('x', 'b'), store.get('b')]).toEqual([false, false, 2])
  })

  test('is undone with its transaction', ({ store }) => {
    store.setMany([
      ['a', LARGE],
      ['b', LARGE],
    ])
    const undone = new Error('undone')
    const failing = () =>
      store.transact(() => {
        store.rename('a', 'b')
        throw undone
      })
    expect(failing).toThrow(undone)
    expect([store.get('a'), store.get('b'), valueFiles(store).length]).toEqual([LARGE, LARGE, 2])
  })

  test('says on the channel what happened to both keys', ({ store }) => {
    store.set('a', 1)
    const messages: unknown[] = []
    const listen = (message: unknown) => messages.push(message)
    setChannel.subscribe(listen)
    store.rename('a', 'b')
    setChannel.unsubscribe(listen)
    expect(messages).toEqual([
      { store: store.directory, key: 'a', reason: 'delete' },
      { store: store.directory, key: 'b', reason: 'set' },
    ])
  })

  test('of promises keeps its place among operations on both keys', async ({ store }) => {
    const { promises } = store
    const results = await Promise.all([
      promises.set('a', 1),
      promises.rename('a', 'b'),
      promises.incr('b'),
      promises.get('a'),
      promises.rename('b', 'a'),
      promises.get('a'),
    ])
    expect(results).toEqual([true, true, 2, undefined, true, 2])
  })
})
