import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { directoryTest as test } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { E_LOCK_NOT_OWNED, LockFactory, Verrou } from '@verrou/core'
import { describe, expect } from 'vitest'
import { VerrouStore } from './verrou-store.ts'

const PATIENT = { storeTimeout: 20_000 }

test('VerrouStore is the driver of a store of Verrou, in a directory that disconnect() closes', async ({
  directory,
}) => {
  const disk = new VerrouStore(directory, { sizeLimit: 5_000_000, ...PATIENT })
  const verrou = new Verrou({ default: 'disk', stores: { disk: { driver: disk } } })
  const lock = verrou.createLock('key', '1h')
  expect(await lock.run(async () => verrou.createLock('key').acquireImmediately())).toEqual([true, false])
  expect(await lock.acquireImmediately()).toBe(true)
  await disk.disconnect()
  await disk.disconnect()
  await expect(lock.isLocked()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  using cache = new Cache(directory)
  expect(cache.settings.sizeLimit).toBe(5_000_000)
  const { value, expireTime } = cache.getEntry('verrou:key')!
  expect(value).toBe(lock.getOwner())
  expect(Math.abs(expireTime! - Date.now() - 3_600_000)).toBeLessThan(30_000)
})

test('VerrouStore.disconnect() leaves a store open that it was given', async ({ directory }) => {
  using cache = new Cache(directory)
  for (const source of [cache, cache.promises]) {
    const store = new VerrouStore(source, PATIENT)
    await store.save('key', 'owner', null)
    await store.disconnect()
  }
  expect([...cache]).toEqual([['verrou:key', 'owner']])
})

test('a lock without a ttl has none, whatever the default of the store', async ({ directory }) => {
  using cache = new Cache(directory, { ttl: 60_000 })
  const store = new VerrouStore(cache, PATIENT)
  await store.save('null', 'owner', null)
  await store.save('zero', 'owner', 0)
  expect(cache.getEntry('verrou:null')?.expireTime).toBeNull()
  expect(cache.getEntry('verrou:zero')?.expireTime).toBeNull()
})

test('a lock is not evicted, also when it has been extended', async ({ directory }) => {
  using cache = new Cache(directory, { sizeLimit: 200_000 })
  const locks = new LockFactory(new VerrouStore(cache, PATIENT))
  const [first, extended] = [locks.createLock('first', '1h'), locks.createLock('extended', '1h')]
  await first.acquire()
  await extended.acquire()
  await extended.extend('2h')
  for (let i = 0; i < 200; i++) cache.set(i, Buffer.alloc(5_000))
  expect(cache.has(0)).toBe(false)
  expect([await first.isLocked(), await extended.isLocked()]).toEqual([true, true])
})

test('an owner whose lock has expired neither releases nor extends that of the next', async () => {
  let now = 0
  const store = new VerrouStore(new MemoryStore({ clock: () => now }))
  expect(await store.save('key', 'first', 1_000)).toBe(true)
  now = 999
  expect(await store.save('key', 'second', 1_000)).toBe(false)
  now = 1_000
  await expect(store.extend('key', 'first', 1_000)).rejects.toThrow(E_LOCK_NOT_OWNED)
  await expect(store.delete('key', 'first')).rejects.toThrow(E_LOCK_NOT_OWNED)
  expect(await store.save('key', 'second', 1_000)).toBe(true)
  await expect(store.extend('key', 'first', 1_000)).rejects.toThrow(E_LOCK_NOT_OWNED)
  await expect(store.delete('key', 'first')).rejects.toThrow(E_LOCK_NOT_OWNED)
  await store.extend('key', 'second', 5_000)
  now = 5_999
  expect(await store.exists('key')).toBe(true)
  now = 6_000
  expect(await store.exists('key')).toBe(false)
})

test('of many that ask at once exactly one gets a lock', async ({ directory }) => {
  using first = new Cache(directory)
  using second = new Cache(directory)
  const stores = [new VerrouStore(first, PATIENT), new VerrouStore(second, PATIENT)]
  const asked = Array.from({ length: 40 }, (_, i) => stores[i % 2]!.save('key', `owner ${i}`, null))
  expect((await Promise.all(asked)).filter(Boolean)).toEqual([true])
})

test('keys are kept apart, of whatever form', async ({ directory }) => {
  using cache = new Cache(directory)
  const store = new VerrouStore(cache, PATIENT)
  const keys = ['', ':', 'a', 'a:', 'a:b', '__proto__', '\0', 'x'.repeat(2_000)]
  for (const key of keys) expect(await store.save(key, key, null)).toBe(true)
  for (const key of keys) await store.delete(key, key)
  expect(cache.size).toBe(0)
})

describe('a store that does not answer', () => {
  test('is waited for once, and then not asked', async () => {
    const silent: AsyncStore = new Proxy(new MemoryStore(), {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? () => new Promise<never>(() => {}) : member
      },
    })
    const store = new VerrouStore(silent, { storeTimeout: 20 })
    const codeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (error) => error.code,
      )
    expect(await codeOf(store.exists('key'))).toBe('ERR_DISKCACHE_TIMEOUT')
    await expect
      .poll(() => codeOf(store.exists('key')), { timeout: 20_000 })
      .toBe('ERR_DISKCACHE_UNAVAILABLE')
    const all = [
      store.save('key', 'owner', null),
      store.delete('key', 'owner'),
      store.forceDelete('key'),
      store.extend('key', 'owner', 1_000),
    ]
    expect(new Set(await Promise.all(all.map(codeOf)))).toEqual(new Set(['ERR_DISKCACHE_UNAVAILABLE']))
  })
})

test.for([
  [{ size: 1 }, "unknown option 'size'"],
  [{ storeTimeout: 0 }, 'Cannot use storeTimeout'],
] as const)('VerrouStore refuses the options %o', ([options, message], { directory }) => {
  expect(() => new VerrouStore(directory, options as object)).toThrow(message)
})

test('VerrouStore refuses what is no store, and options of a cache beside a store', () => {
  expect(() => new VerrouStore({} as AsyncStore)).toThrow('expected a directory, a Store or an AsyncStore')
  expect(() => new VerrouStore(new MemoryStore(), { sizeLimit: 1 })).toThrow("unknown option 'sizeLimit'")
})
