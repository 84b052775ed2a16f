import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { expect } from 'vitest'
import { DiskCacheHealthIndicator, getStoreToken } from '../../src/nest/index.ts'
import { test } from './application.ts'
import { failingStore } from './failing-store.ts'

test('DiskCacheHealthIndicator.isHealthy() says up for a store that can be written and read', async ({
  applications,
}) => {
  const application = await applications.start({})
  const indicator = application.get(DiskCacheHealthIndicator)
  expect(await indicator.isHealthy('cache')).toEqual({ cache: { status: 'up' } })
  expect(await application.get<AsyncStore>(getStoreToken()).count()).toBe(0)
})

test('DiskCacheHealthIndicator.isHealthy() says down, and why', async ({ directory, applications }) => {
  using cache = new Cache(directory)
  const down = async (store: AsyncStore) => {
    const application = await applications.start({}, { directory: undefined, store })
    return application.get(DiskCacheHealthIndicator).isHealthy('cache')
  }
  const store = failingStore(cache.promises, ['set'])
  expect(await down(store)).toEqual({ cache: { status: 'down', message: 'no disk' } })
  const forgetful = Object.assign(Object.create(store), { set: async () => true })
  expect(await down(forgetful)).toEqual({
    cache: { status: 'down', message: 'an entry that was stored is not there' },
  })
  const full = Object.assign(Object.create(store), { set: async () => false })
  expect(await down(full)).toEqual({ cache: { status: 'down', message: 'an entry was not stored' } })
})

test('DiskCacheHealthIndicator.isHealthy() says down for a store that does not answer in time', async ({
  directory,
  applications,
}) => {
  const application = await applications.start({})
  using cache = new Cache(directory)
  const indicator = application.get(DiskCacheHealthIndicator)
  const health = cache.transact(() => {
    const answer = indicator.isHealthy('cache', { timeout: 20 })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    return { answer }
  })
  expect((await health.answer).cache.status).toMatch(/up|down/)
  await delay(0)
  const hanging = failingStore(cache.promises, [])
  const slow = Object.assign(Object.create(hanging), {
    set: (_key: unknown, _value: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  const other = await applications.start({}, { directory: undefined, store: slow })
  expect(await other.get(DiskCacheHealthIndicator).isHealthy('cache', { timeout: 20 })).toEqual({
    cache: { status: 'down', message: 'no answer within 20 ms' },
  })
})

test('DiskCacheHealthIndicator.isHealthy() refuses a store that does not exist, and illegal options', async ({
  applications,
}) => {
  const indicator = (await applications.start({})).get(DiskCacheHealthIndicator)
  await expect(indicator.isHealthy('cache', { store: 'pages' })).rejects.toThrow("the store 'pages'")
  await expect(indicator.isHealthy('cache', { timeout: 0 })).rejects.toThrow('Cannot use timeout')
  await expect(indicator.isHealthy('cache', { time: 1 } as never)).rejects.toThrow("unknown option 'time'")
})
