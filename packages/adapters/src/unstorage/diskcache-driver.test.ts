import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { createStorage } from 'unstorage'
import { expect } from 'vitest'
import { diskcacheDriver } from './diskcache-driver.ts'

test('diskcacheDriver() opens a directory with options, and dispose() closes it', async ({ directory }) => {
  const driver = diskcacheDriver(directory, { cache: { sizeLimit: 5_000_000 } })
  expect(driver).toMatchObject({ name: 'diskcache', flags: { maxDepth: true, ttl: true } })
  const storage = createStorage({ driver })
  await storage.setItem('users:1', { name: 'Ada' })
  await storage.dispose()
  await storage.dispose()
  await expect(storage.getItem('users:1')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  using cache = new Cache(directory)
  expect(cache.settings.sizeLimit).toBe(5_000_000)
  expect([...cache]).toEqual([['unstorage::users:1', '{"name":"Ada"}']])
})

test('diskcacheDriver() takes a range of times to live, in seconds', async ({ directory }) => {
  const storage = createStorage({ driver: diskcacheDriver(directory, { ttl: { min: 100, max: 200 } }) })
  for (let i = 0; i < 20; i++) await storage.setItem(`${i}`, i)
  const times = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => (await storage.getMeta(`${i}`)).ttl),
  )
  await storage.dispose()
  expect(new Set(times).size).toBeGreaterThan(1)
  expect(times.every((ttl) => Number(ttl) > 70 && Number(ttl) <= 200)).toBe(true)
})

test('diskcacheDriver() leaves items without a time to live to the store', async ({ directory }) => {
  const storage = createStorage({ driver: diskcacheDriver(directory, { cache: { ttl: 100_000 } }) })
  await storage.setItem('none', 1)
  await storage.setItem('ever', 1, { ttl: 0 })
  const [none, ever] = [await storage.getMeta('none'), await storage.getMeta('ever')]
  await storage.dispose()
  expect(Math.abs(Number(none.ttl) - 100)).toBeLessThan(30)
  expect(ever).toEqual({})
})

test('diskcacheDriver() takes a store and its promises, and dispose() leaves them open', async ({
  directory,
}) => {
  using fanout = new FanoutCache(directory, { shards: 2 })
  for (const source of [fanout, fanout.promises]) {
    const driver = diskcacheDriver(source)
    expect(driver.getInstance?.()).toBe(fanout.promises)
    const storage = createStorage({ driver })
    await storage.setItem('key', 'value')
    await storage.dispose()
  }
  expect(fanout.get('unstorage::key')).toBe('value')
})

test.for([
  [{ size: 1 }, "unknown option 'size', known are base, ttl, cache, storeTimeout"],
  [{ base: 'a:b' }, "Cannot use base 'a:b': expected well-formed text without a colon"],
  [{ base: 1 }, 'Cannot use base: expected a string, got 1'],
  [{ ttl: -1 }, 'Cannot use ttl, which is in seconds: expected a number of at least 0'],
  [{ ttl: '1h' }, "expected a number or { min, max }, got '1h'"],
  [{ ttl: { min: 2, max: 1 } }, 'Cannot use ttl: expected a min of at most max'],
  [{ storeTimeout: 0 }, 'Cannot use storeTimeout'],
  [{ cache: { size: 1 } }, "unknown option 'size'"],
  [1, 'expected an object, got 1'],
] as const)('diskcacheDriver() refuses the options %o', ([options, message], { directory }) => {
  expect(() => diskcacheDriver(directory, options as object)).toThrow(message)
})

test('diskcacheDriver() refuses what is no store, and options of a cache beside a store', () => {
  expect(() => diskcacheDriver({} as AsyncStore)).toThrow('expected a directory, a Store or an AsyncStore')
  const beside = { cache: { sizeLimit: 1 } }
  expect(() => diskcacheDriver(new MemoryStore(), beside)).toThrow("unknown option 'sizeLimit'")
})

test('a store that does not answer is waited for once, and then not asked', async () => {
  const silence = () => new Promise<never>(() => {})
  const silent: AsyncStore = new Proxy(new MemoryStore(), {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name === 'keys') return () => ({ [Symbol.asyncIterator]: () => ({ next: silence }) })
      return silence
    },
  })
  const storage = createStorage({ driver: diskcacheDriver(silent, { storeTimeout: 20 }) })
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error) => error.code,
    )
  expect(await codeOf(storage.getItem('key'))).toBe('ERR_DISKCACHE_TIMEOUT')
  await expect
    .poll(() => codeOf(storage.getItem('key')), { timeout: 20_000 })
    .toBe('ERR_DISKCACHE_UNAVAILABLE')
  const all = [
    storage.hasItem('key'),
    storage.getItemRaw('key'),
    storage.getItems(['key']),
    storage.setItem('key', 1),
    storage.setItemRaw('key', Buffer.from('1')),
    storage.setItems([{ key: 'key', value: 1 }]),
    storage.removeItem('key'),
    Promise.resolve(storage.getMeta('key')),
    storage.getKeys(),
    storage.clear(),
  ]
  expect(new Set(await Promise.all(all.map(codeOf)))).toEqual(new Set(['ERR_DISKCACHE_UNAVAILABLE']))
})

test('a listing takes its time, as long as the store answers others', async () => {
  const store = new MemoryStore()
  const slow: AsyncStore = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (name !== 'keys') return typeof member === 'function' ? member.bind(target) : member
      return async function* (...args: Parameters<AsyncStore['keys']>) {
        await delay(150)
        yield* target.keys(...args)
      }
    },
  })
  const storage = createStorage({ driver: diskcacheDriver(slow, { storeTimeout: 20 }) })
  await store.set('unstorage::key', 'value')
  expect(await storage.getKeys()).toEqual(['key'])
})
