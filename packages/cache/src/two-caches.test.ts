import { describe, expect } from 'vitest'
import { cacheTest } from '../tests/cache-test.ts'
import { whileLocked } from '../tests/hostile/while-locked.ts'
import { Cache } from './cache.ts'

/** Who waits for its own process waits for as long as the test may take. */
const test = cacheTest({ timeout: 600_000, openTimeout: 600_000 })

const refusal = expect.objectContaining({
  code: 'ERR_DISKCACHE_REENTRANT',
  message: expect.stringContaining('another cache object of this process'),
})

describe('another Cache on the same directory', () => {
  test('set() throws at once inside update(), and nothing is undone', ({ store, reopen }) => {
    const other = reopen()
    store.update('a', () => {
      expect(() => other.set('b', 1)).toThrow(refusal)
      return { set: 1 }
    })
    expect([other.get('a'), other.has('b')]).toEqual([1, false])
  })

  test('promises.set() waits until transact() has ended', async ({ store, reopen }) => {
    const other = reopen()
    const pending: Promise<boolean>[] = []
    store.transact(() => pending.push(other.promises.set('a', 1)))
    expect(await Promise.all(pending)).toEqual([true])
  })

  test('set() throws at once inside promises.transact() and promises.update()', async ({ store, reopen }) => {
    const other = reopen()
    await expect(store.promises.transact(() => other.set('a', 1))).rejects.toThrow(refusal)
    const change = () => ({ set: other.set('a', 1) })
    await expect(store.promises.update('b', change)).rejects.toThrow(refusal)
    expect(await store.promises.set('c', 1)).toBe(true)
  })

  test('set() works while an iteration of the first is open', ({ store, reopen }) => {
    const other = reopen()
    store.setMany([
      ['a', 1],
      ['b', 2],
    ])
    for (const key of store.keys()) expect(other.set(key, 'new')).toBe(true)
    expect([...store.values()]).toEqual(['new', 'new'])
  })

  test('opens inside transact(), and is refused settings there', ({ store, directory }) => {
    store.transact(() => {
      using other = new Cache(directory)
      expect(other.size).toBe(0)
      expect(() => new Cache(directory, { cullLimit: 3 })).toThrow(refusal)
    })
  })

  test('keeps nobody from waiting for others', ({ store, reopen, directory }) => {
    reopen()
    const timeout = expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' })
    using hasty = new Cache(directory, { timeout: 1 })
    whileLocked(directory, () => expect(() => hasty.set('a', 1)).toThrow(timeout))
    expect(store.has('a')).toBe(false)
  })

  test('gives the result of a memoized function that it cannot store', ({ store, reopen }) => {
    const double = reopen().memoize((n: number) => 2 * n, { name: 'double' })
    expect(store.transact(() => double(2))).toBe(4)
    expect(store.size).toBe(0)
  })
})

test('transact() works inside that of a Cache on another directory', ({ store }) => {
  using other = new Cache()
  store.transact(() => other.transact(() => [store.set('a', 1), other.set('b', 2)]))
  expect([store.get('a'), other.get('b')]).toEqual([1, 2])
})
