import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { cacheTest } from '../tests/cache-test.ts'
import { whileLocked } from '../tests/hostile/while-locked.ts'
import { Cache } from './cache.ts'

const test = cacheTest({ timeout: 5 })

const timeoutError = expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' })

describe('while another store holds the lock', () => {
  test('withoutWaiting() throws ERR_DISKCACHE_TIMEOUT at once', ({ store, directory }) => {
    using patient = new Cache(directory, { timeout: 2 ** 31 })
    store.transact(() => {
      expect(() => patient.withoutWaiting(() => patient.set('k', 1))).toThrow(timeoutError)
      expect(patient.withoutWaiting(() => patient.get('k'))).toBeUndefined()
    })
    expect(patient.withoutWaiting(() => patient.set('k', 1))).toBe(true)
  })

  test('withoutWaiting() refuses a body that is asynchronous', ({ store }) => {
    // @ts-expect-error: a body must not be asynchronous
    expect(() => store.withoutWaiting(async () => store.set('k', 1))).toThrow(
      new TypeError('Cannot do this without waiting: its body returned a promise, but must be synchronous'),
    )
    // @ts-expect-error: nor may it be so at times
    const at = (isLater: boolean) => store.withoutWaiting(() => (isLater ? Promise.reject('late') : 1))
    expect(at(false)).toBe(1)
    expect(() => at(true)).toThrow(TypeError)
  })

  test('clear() says in its error how many entries it had removed', ({ store, directory }) => {
    store.setMany(Array.from({ length: 10 }, (_, i) => [i, i]))
    whileLocked(directory, () =>
      expect(() => store.clear()).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT', count: 0 }),
      ),
    )
    expect(store.clear()).toBe(10)
  })

  test('a directory that is current opens', ({ store, directory }) => {
    store.transact(() => {
      using other = new Cache(directory, { openTimeout: 0 })
      expect(other.size).toBe(0)
    })
  })

  test('opening waits for openTimeout when settings change, and throws then', ({ store, directory }) => {
    store.transact(() => {
      expect(() => new Cache(directory, { openTimeout: 0, cullLimit: 3 })).toThrow(timeoutError)
    })
    using other = new Cache(directory, { openTimeout: 0, cullLimit: 3 })
    expect(other.settings.cullLimit).toBe(3)
  })
})

test('isOpen tells whether close() was called', ({ store }) => {
  expect(store.isOpen).toBe(true)
  store.close()
  expect(store.isOpen).toBe(false)
  expect(existsSync(join(store.directory, 'cache.db'))).toBe(true)
})
