import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { BentoCache, bentostore } from 'bentocache'
import { expect } from 'vitest'
import { type BentocacheDriverOptions, diskcacheDriver } from './diskcache-driver.ts'

const PATIENT = { storeTimeout: 20_000 }

function bentoOn(source: Parameters<typeof diskcacheDriver>[0], options?: BentocacheDriverOptions) {
  const disk = bentostore().useL2Layer(diskcacheDriver(source, { ...PATIENT, ...options }))
  return new BentoCache({ default: 'disk', stores: { disk } })
}

test('diskcacheDriver() opens a directory with options of Cache, and disconnect() closes it', async ({
  directory,
}) => {
  const bento = bentoOn(directory, { cache: { sizeLimit: 5_000_000 } })
  expect(await bento.getOrSet({ key: 'a', ttl: '1h', factory: async () => 1 })).toBe(1)
  expect(await bento.getOrSet({ key: 'a', ttl: '1h', factory: async () => 2 })).toBe(1)
  await bento.setForever({ key: 'ever', value: 2 })
  await bento.disconnect()
  await bento.disconnect()
  await expect(bento.get({ key: 'a' })).rejects.toMatchObject({ cause: { code: 'ERR_DISKCACHE_CLOSED' } })
  using cache = new Cache(directory)
  expect(cache.settings.sizeLimit).toBe(5_000_000)
  const { value, expireTime } = cache.getEntry('bentocache:bentocache:a')!
  expect(JSON.parse(value as string)).toMatchObject({ value: 1 })
  expect(Math.abs(expireTime! - Date.now() - 3_600_000)).toBeLessThan(30_000)
  expect(cache.getEntry('bentocache:bentocache:ever')?.expireTime).toBeNull()
})

test('diskcacheDriver() keeps what is for ever for ever, whatever the default of the store', async ({
  directory,
}) => {
  using cache = new Cache(directory, { ttl: 60_000 })
  const bento = bentoOn(cache)
  await bento.setForever({ key: 'ever', value: 1 })
  expect(cache.getEntry('bentocache:bentocache:ever')?.expireTime).toBeNull()
  const layer = diskcacheDriver(cache, PATIENT).factory({})
  await layer.set('past', 'value', -1)
  expect(await layer.get('past')).toBeUndefined()
})

test('diskcacheDriver() takes a store and its promises, and disconnect() leaves them open', async ({
  directory,
}) => {
  using fanout = new FanoutCache(directory, { shards: 2 })
  for (const source of [fanout, fanout.promises]) {
    const bento = bentoOn(source, { prefix: 'own' })
    await bento.set({ key: 'key', value: 'value' })
    await bento.disconnect()
  }
  expect(fanout.has('bentocache:own:key')).toBe(true)
})

test('clear() concerns the entries of its prefix and those in it, and no others', async ({ directory }) => {
  using cache = new Cache(directory)
  cache.set('of the application', 1)
  cache.set('bentocachex:a', 1)
  const prefixes = ['app', 'app2', 'app:', 'app:users']
  const [app, app2, colon, users] = prefixes.map((prefix) => bentoOn(cache, { prefix }))
  for (const bento of [app, app2, users]) await bento!.set({ key: 'a', value: 1 })
  expect(await colon!.get({ key: 'a' })).toBe(1)
  await users!.clear()
  expect(await users!.get({ key: 'a' })).toBeUndefined()
  expect(await app!.get({ key: 'a' })).toBe(1)
  await users!.set({ key: 'a', value: 1 })
  await app!.clear()
  expect(await users!.get({ key: 'a' })).toBeUndefined()
  expect(await app2!.get({ key: 'a' })).toBe(1)
  await diskcacheDriver(cache, PATIENT).factory({}).clear()
  expect([...cache.keys()]).toEqual(['of the application', 'bentocachex:a'])
})

test('tags, expire() and a grace period are those of bentocache', async ({ directory }) => {
  using cache = new Cache(directory)
  const [here, there] = [bentoOn(cache), bentoOn(cache)]
  await here.set({ key: 'a', value: 1, tags: ['numbers'] })
  await here.set({ key: 'b', value: 2 })
  expect([await there.get({ key: 'a' }), await there.get({ key: 'b' })]).toEqual([1, 2])
  await there.deleteByTag({ tags: ['numbers'] })
  expect([await here.get({ key: 'a' }), await here.get({ key: 'b' })]).toEqual([undefined, 2])
  await here.set({ key: 'old', value: 3, grace: '1h' })
  await there.expire({ key: 'old' })
  expect(await here.get({ key: 'old' })).toBeUndefined()
  expect(await here.get({ key: 'old', grace: '1h' })).toBe(3)
  const factory = async () => {
    throw new Error('no database')
  }
  expect(await there.getOrSet({ key: 'old', grace: '1h', factory })).toBe(3)
})

test('pull() gives a value to one of many that ask, and deleteMany() removes many', async ({ directory }) => {
  using cache = new Cache(directory)
  const layer = diskcacheDriver(cache, PATIENT).factory({ prefix: 'p' })
  await layer.set('ticket', 'value')
  const pulled = await Promise.all(Array.from({ length: 10 }, () => layer.pull('ticket')))
  expect(pulled.filter((value) => value !== undefined)).toEqual(['value'])
  for (const key of ['a', 'b', 'c']) await layer.namespace('n').set(key, key)
  expect(await layer.deleteMany(['n:a', 'n:b', 'missing'])).toBe(true)
  expect([...cache.keys()]).toEqual(['bentocache:p:n:c'])
})

test('a value that is larger than the size limit is not stored, and getOrSet() gives it', async ({
  directory,
}) => {
  using cache = new Cache(directory, { sizeLimit: 100_000 })
  const bento = bentoOn(cache)
  const large = 'x'.repeat(1_000_000)
  expect(await bento.getOrSet({ key: 'large', factory: async () => large })).toBe(large)
  expect(await bento.get({ key: 'large' })).toBeUndefined()
  const layer = diskcacheDriver(cache, PATIENT).factory({ prefix: 'p' })
  await layer.set('key', 'small')
  expect(await layer.set('key', large)).toBe(false)
  expect(await layer.get('key')).toBeUndefined()
})

test('a store that does not answer is waited for once, and bentocache can go on without', async () => {
  const silent: AsyncStore = new Proxy(new MemoryStore(), {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? () => new Promise<never>(() => {}) : member
    },
  })
  const layer = diskcacheDriver(silent, { storeTimeout: 20 }).factory({ prefix: 'p' })
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error) => error.code,
    )
  expect(await codeOf(layer.get('key'))).toBe('ERR_DISKCACHE_TIMEOUT')
  await expect.poll(() => codeOf(layer.get('key')), { timeout: 20_000 }).toBe('ERR_DISKCACHE_UNAVAILABLE')
  const all = [
    layer.set('key', 'value'),
    layer.pull('key'),
    layer.delete('key'),
    layer.deleteMany(['key']),
    layer.clear(),
  ]
  expect(new Set(await Promise.all(all.map(codeOf)))).toEqual(new Set(['ERR_DISKCACHE_UNAVAILABLE']))

  const bento = bentoOn(silent, { storeTimeout: 20 })
  const compute = { key: 'key', factory: async () => 1 }
  await expect(bento.getOrSet(compute)).rejects.toMatchObject({ code: 'E_L2_CACHE_ERROR' })
  expect(await bento.getOrSet({ ...compute, suppressL2Errors: true })).toBe(1)
})

test.for([
  [{ size: 1 }, "unknown option 'size', known are prefix, cache, storeTimeout"],
  [{ prefix: 1 }, 'Cannot use prefix: expected a string, got 1'],
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
