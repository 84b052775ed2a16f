import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { CACHE_MANAGER, CacheInterceptor, CacheModule, CacheTTL } from '@nestjs/cache-manager'
import type { INestApplication } from '@nestjs/common'
import { Get, Inject, UseInterceptors } from '@nestjs/common'
import type { Cache as CacheManager } from 'cache-manager'
import { expect, vi } from 'vitest'
import { createKeyv } from '../../src/keyv/index.ts'
import { DiskCacheModule, getStoreToken } from '../../src/nest/index.ts'
import { test } from './application.ts'
import { Client } from './client.ts'
import { controller, decorate } from './decorate.ts'

/** The recipe with a directory. */
function cacheModule(directory: string, options: { ttl?: number; namespace?: string } = {}) {
  const { ttl, namespace } = options
  return CacheModule.registerAsync({
    isGlobal: true,
    useFactory: () => ({
      ttl: ttl as number,
      stores: [createKeyv(directory, namespace === undefined ? {} : { namespace })],
    }),
  })
}

function managerOf(application: INestApplication): CacheManager {
  return application.get(CACHE_MANAGER)
}

test('CacheModule with createKeyv() has get, set, del, ttl and clear', async ({
  directory,
  applications,
}) => {
  const manager = managerOf(await applications.startBare({ imports: [cacheModule(directory)] }))
  expect(await manager.get('a')).toBeUndefined()
  await manager.set('a', { list: [1, null], date: 'x' })
  expect(await manager.get('a')).toEqual({ list: [1, null], date: 'x' })
  expect(await manager.ttl('a')).toBeUndefined()
  const before = Date.now()
  await manager.set('b', 2, 60_000)
  const expires = await manager.ttl('b')
  expect(expires).toBeGreaterThanOrEqual(before + 60_000)
  expect(expires).toBeLessThanOrEqual(Date.now() + 60_000)
  await manager.del('a')
  expect(await manager.get('a')).toBeUndefined()
  await manager.set('c', 3, 1)
  await vi.waitFor(async () => expect(await manager.get('c')).toBeUndefined())
  await manager.set('d', 4, 0)
  expect([await manager.get('d'), await manager.ttl('d')]).toEqual([4, undefined])
  await manager.clear()
  expect(await manager.get('b')).toBeUndefined()
})

test('CacheModule with createKeyv() has mset, mget and mdel', async ({ directory, applications }) => {
  const manager = managerOf(await applications.startBare({ imports: [cacheModule(directory)] }))
  await manager.mset<unknown>([
    { key: 'a', value: 1 },
    { key: 'b', value: 'two', ttl: 60_000 },
  ])
  expect(await manager.mget(['a', 'missing', 'b'])).toEqual([1, undefined, 'two'])
  await manager.mdel(['a', 'missing'])
  expect(await manager.mget(['a', 'b'])).toEqual([undefined, 'two'])
})

test('CacheModule with createKeyv() wraps a function, also over a restart', async ({
  directory,
  applications,
}) => {
  const load = vi.fn(async () => ({ loaded: true }))
  const first = await applications.startBare({ imports: [cacheModule(directory)] })
  for (const _ of [1, 2, 3])
    expect(await managerOf(first).wrap('key', load, 60_000)).toEqual({ loaded: true })
  await first.close()
  const second = await applications.startBare({ imports: [cacheModule(directory)] })
  expect(await managerOf(second).wrap('key', load, 60_000)).toEqual({ loaded: true })
  expect(load).toHaveBeenCalledTimes(1)
})

test('CacheModule with createKeyv() applies its default ttl, and keeps namespaces apart', async ({
  directory,
  applications,
}) => {
  const [users, users2] = [
    managerOf(
      await applications.startBare({
        imports: [cacheModule(directory, { ttl: 60_000, namespace: 'users' })],
      }),
    ),
    managerOf(await applications.startBare({ imports: [cacheModule(directory, { namespace: 'users2' })] })),
  ]
  await users.set('a', 1)
  await users2.set('a', 2)
  expect(await users.ttl('a')).toBeTypeOf('number')
  expect(await users2.ttl('a')).toBeUndefined()
  await users.clear()
  expect([await users.get('a'), await users2.get('a')]).toEqual([undefined, 2])
})

test('CacheModule with createKeyv() shares the store of DiskCacheModule, and leaves closing to it', async ({
  directory,
  applications,
}) => {
  const stores = DiskCacheModule.forRoot({ directory, isGlobal: true })
  const cache = CacheModule.registerAsync({
    inject: [getStoreToken()],
    useFactory: (store: AsyncStore) => ({ stores: [createKeyv(store)] }),
  })
  const closing = vi.fn()
  class Late {
    readonly manager: CacheManager
    constructor(manager: CacheManager) {
      this.manager = manager
    }
    async beforeApplicationShutdown() {
      closing(await this.manager.get('key'))
    }
  }
  Inject(CACHE_MANAGER)(Late, undefined, 0)
  const application = await applications.startBare({ imports: [stores, cache], providers: [Late] })
  await managerOf(application).set('key', 'value')
  const store = application.get<AsyncStore>(getStoreToken())
  await application.close()
  expect(closing).toHaveBeenCalledWith('value')
  await expect(store.get('key')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
})

test('CacheModule with createKeyv() closes what it opened, once', async ({ directory, applications }) => {
  const application = await applications.startBare({ imports: [cacheModule(directory)] })
  await managerOf(application).set('key', 'value')
  const { stores } = managerOf(application)
  await application.close()
  await expect(Promise.all(stores.map((store) => store.disconnect()))).resolves.toBeDefined()
  using cache = new Cache(directory)
  expect(cache.check()).toEqual([])
  expect(cache.size).toBe(1)
})

test('CacheInterceptor with createKeyv() answers from the store, also over a restart', async ({
  directory,
  applications,
}) => {
  let calls = 0
  class Routes {
    list() {
      return { calls: ++calls }
    }
  }
  decorate(Routes.prototype, 'list', Get('list'), CacheTTL(60_000), UseInterceptors(CacheInterceptor))
  controller('', Routes)
  const metadata = { imports: [cacheModule(directory)], controllers: [Routes] }
  const first = await applications.startBare(metadata)
  const client = await Client.of(first)
  const missed = await client.get('list')
  await vi.waitFor(async () => expect((await client.get('list')).headers['x-cache']).toBe('HIT'))
  await first.close()
  const second = await Client.of(await applications.startBare(metadata))
  expect(await second.get('list')).toMatchObject({ headers: { 'x-cache': 'HIT' }, text: missed.text })
})
