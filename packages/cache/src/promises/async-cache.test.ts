import { channel } from 'node:diagnostics_channel'
import { asyncStoreTest } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { LARGE, valueFiles } from '../../tests/cache-test.ts'
import { Cache } from '../cache.ts'
import type { CacheOptions } from '../context/cache-options.ts'

/** A `test` with a cache, whose both faces are at hand. */
function bothFaces(options: CacheOptions = {}) {
  const test = asyncStoreTest((directory, { clock }) => new Cache(directory, { ...options, clock }).promises)
  return test.extend<{ cache: Cache }>({
    cache: async ({ directory, clock }, use) => {
      using cache = new Cache(directory, { ...options, clock: clock.now })
      await use(cache)
    },
  })
}

const test = bothFaces()

describe('The two faces of one cache', () => {
  test('see what the other has committed, and nothing before', async ({ cache }) => {
    cache.set('a', 'sync')
    expect(await cache.promises.get('a')).toBe('sync')
    const write = cache.promises.set('a', 'async')
    expect(cache.get('a')).toBe('sync')
    cache.set('b', 'sync')
    await write
    expect(cache.getMany(['a', 'b'])).toEqual(['async', 'sync'])
  })

  test('do not mix in a transaction: what promises are asked for comes after it', async ({ cache }) => {
    let inside: Promise<unknown>[] = []
    const undone = new Error('undone')
    const body = () => {
      cache.set('a', 'inside')
      inside = [cache.promises.get('a'), cache.promises.set('b', 'after')]
      throw undone
    }
    expect(() => cache.transact(body)).toThrow(undone)
    expect(await Promise.all(inside)).toEqual([undefined, true])
    expect(cache.get('b')).toBe('after')
  })

  test('close together', async ({ cache }) => {
    const write = cache.promises.set('a', LARGE)
    cache.close()
    await expect(write).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    await expect(cache.promises.get('a')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    await cache.promises.close()
  })

  test('memoize asynchronous functions beside promises', async ({ cache }) => {
    const double = cache.memoize(async (n: number) => n * 2, { name: 'double' })
    expect(await Promise.all([double(1), cache.promises.set('a', 1), double(1)])).toEqual([2, true, 2])
  })
})

describe('promises.transact()', () => {
  test('runs a synchronous body as one transaction, in its turn', async ({ cache }) => {
    const before = cache.promises.set('n', 1)
    const result = cache.promises.transact((store) => store.incr('n') + store.incr('n'))
    const after = cache.promises.get('n')
    expect(await Promise.all([before, result, after])).toEqual([true, 5, 3])
  })

  test('undoes everything when the body throws, and rejects with that', async ({ cache }) => {
    const undone = new Error('undone')
    const body = (store: { set(key: string, value: unknown): boolean }) => {
      store.set('a', LARGE)
      throw undone
    }
    await expect(cache.promises.transact(body)).rejects.toBe(undone)
    expect([cache.size, valueFiles(cache)]).toEqual([0, []])
  })

  test('refuses an asynchronous body, and runs none twice', async ({ cache }) => {
    let runs = 0
    const busy = Object.assign(new Error('like a busy database'), { code: 'ERR_DISKCACHE_TIMEOUT' })
    const body = () => {
      runs++
      throw busy
    }
    await expect(cache.promises.transact(body)).rejects.toBe(busy)
    // @ts-expect-error: a body must not be asynchronous
    await expect(cache.promises.transact(async () => runs++)).rejects.toThrow(TypeError)
    expect(runs).toBe(2)
  })
})

describe('Group commit', () => {
  test('makes the writes of a turn one transaction', async ({ cache, directory }) => {
    using other = new Cache(directory)
    let commits = 0
    const version = () => other.promises.waitFor(['any'], { signal: AbortSignal.timeout(5_000) })
    const changed = version().then(() => commits++)
    await Promise.all(Array.from({ length: 500 }, (_, i) => cache.promises.set(i, i)))
    await changed
    expect([commits, other.size]).toEqual([1, 500])
  })

  test('is bounded, so that thousands of writes are several transactions', async ({ cache }) => {
    await Promise.all(Array.from({ length: 3_500 }, (_, i) => cache.promises.set(i, i)))
    expect(cache.size).toBe(3_500)
  })
})

describe('promises.push() and pull()', () => {
  test('are queues in order', async ({ cache }) => {
    const { promises } = cache
    const pushed = Promise.all([
      promises.push('a', { prefix: 'q' }),
      promises.push(LARGE, { prefix: 'q' }),
      promises.push('c', { prefix: 'q' }),
    ])
    const pulled = Promise.all([
      promises.peek({ prefix: 'q' }),
      promises.pull({ prefix: 'q' }),
      promises.pull({ prefix: 'q' }),
    ])
    await pushed
    expect((await pulled).map((entry) => entry?.value)).toEqual(['a', 'a', LARGE])
    expect((await promises.peekItem())?.value).toBe('c')
    expect(await promises.pull()).toBeUndefined()
  })
})

describe('Bad arguments reject by name, and nothing is written', () => {
  test.for<[string, (cache: Cache) => Promise<unknown>]>([
    ['ttl', ({ promises }) => promises.set('k', 1, { ttl: -1 })],
    ["'expire'", ({ promises }) => promises.set('k', 1, { expire: 1 } as never)],
    ["'ttl'", ({ promises }) => promises.get('k', { ttl: 1 } as never)],
    ['signal', ({ promises }) => promises.set('k', 1, { signal: 5 as never })],
    ['source', ({ promises }) => promises.write('k', 'text' as never)],
    ['delta', ({ promises }) => promises.incr('k', Number.NaN)],
    ['a function', ({ promises }) => promises.update('k', 5 as never)],
    ['prefix', ({ promises }) => promises.clear({ prefix: 5 as never })],
  ])('%s', async ([name, act], { cache }) => {
    await expect(act(cache)).rejects.toThrow(name)
    expect(cache.size).toBe(0)
  })
})

describe('Diagnostics channels', () => {
  test('tell of hits, misses, writes and evictions, with store and reason', async ({ cache, clock }) => {
    const messages: unknown[] = []
    const names = ['get', 'set', 'evict'].map((name) => `diskcache:${name}`)
    const listen = (message: unknown, name: string | symbol) => messages.push([name, message])
    for (const name of names) channel(name).subscribe(listen)
    cache.set('a', 1, { ttl: 10 })
    cache.get('a')
    await cache.promises.get('b')
    cache.delete('a')
    expect(() => cache.transact(() => cache.set('undone', 1) && cache.incr('undone', Number.NaN))).toThrow()
    cache.set('c', 1, { ttl: 10 })
    clock.advance(10)
    cache.expire()
    for (const name of names) channel(name).unsubscribe(listen)
    cache.get('a')
    const store = cache.directory
    expect(messages).toEqual([
      ['diskcache:set', { store, key: 'a', reason: 'set', bytes: expect.any(Number) }],
      ['diskcache:get', { store, key: 'a', reason: 'hit' }],
      ['diskcache:get', { store, key: 'b', reason: 'miss' }],
      ['diskcache:set', { store, key: 'a', reason: 'delete' }],
      ['diskcache:set', { store, key: 'c', reason: 'set', bytes: expect.any(Number) }],
      ['diskcache:evict', { store, reason: 'expired', count: 1, keys: ['c'] }],
    ])
  })
})
