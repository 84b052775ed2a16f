import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { Test } from '@nestjs/testing'
import { expect } from 'vitest'
import {
  Cached,
  DiskCacheModule,
  type DiskCacheModuleAsyncOptions,
  type DiskCacheModuleOptions,
  getStoreToken,
  InjectStore,
} from '../../src/nest/index.ts'
import { test } from './application.ts'
import { decorate, injectable, moduleOf } from './decorate.ts'

const CLOSED = expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' })

class Holder {
  readonly store: AsyncStore
  constructor(store: AsyncStore) {
    this.store = store
  }
}
injectable(Holder)
InjectStore()(Holder, undefined, 0)

class Numbers {
  calls = 0
  async next(): Promise<number> {
    return ++this.calls
  }
}
decorate(Numbers.prototype, 'next', Cached())
injectable(Numbers)

test('DiskCacheModule.forRoot() opens a directory, and closes it with the application', async ({
  directory,
  applications,
}) => {
  const application = await applications.start({ providers: [Holder] }, { sizeLimit: 1024 ** 2 })
  const { store } = application.get(Holder)
  expect(await store.set('key', 1)).toBe(true)
  await application.close()
  await expect(store.get('key')).rejects.toEqual(CLOSED)
  using cache = new Cache(directory)
  expect(cache.get('key')).toBe(1)
  expect(cache.settings.sizeLimit).toBe(1024 ** 2)
  expect(cache.check()).toEqual([])
  await application.close()
})

test('DiskCacheModule.forRoot() spreads over shards', async ({ applications }) => {
  const application = await applications.start({}, { shards: 2 })
  const store = application.get<AsyncStore>(getStoreToken())
  expect(store.capabilities.orders).toEqual(['sorted'])
  expect(await store.set('key', 1)).toBe(true)
})

test('DiskCacheModule.forRoot() leaves a store open that it was given', async ({
  directory,
  applications,
}) => {
  using cache = new Cache(directory)
  for (const store of [cache, cache.promises]) {
    const application = await applications.start({ providers: [Holder] }, { directory: undefined, store })
    expect(application.get(Holder).store).toBe(cache.promises)
    await application.close()
    expect(cache.set('key', 1)).toBe(true)
  }
})

test('DiskCacheModule.forRoot() gives its store to modules that import it, and to all when it is global', async ({
  directory,
  applications,
}) => {
  const feature = () => moduleOf({ providers: [Holder] })
  const stores = (isGlobal: boolean) => DiskCacheModule.forRoot({ directory, isGlobal })
  await expect(applications.startBare({ imports: [stores(false), feature()] })).rejects.toThrow(
    "store 'default' of DiskCacheModule",
  )
  const shared = stores(false)
  const importing = moduleOf({ imports: [shared], providers: [Holder] })
  await expect(applications.startBare({ imports: [shared, importing] })).resolves.toBeDefined()
  await expect(applications.startBare({ imports: [stores(true), feature()] })).resolves.toBeDefined()
})

test('DiskCacheModule.forRootAsync() takes its options from other providers, for stores of several names', async ({
  directory,
  applications,
}) => {
  const settings = moduleOf({
    providers: [{ provide: 'directory', useValue: directory }],
    exports: ['directory'],
  })
  const stores = ['sessions', 'pages'].map((name) =>
    DiskCacheModule.forRootAsync({
      name,
      imports: [settings],
      inject: ['directory'],
      useFactory: async (parent: string) => ({ directory: `${parent}/${name}` }),
    }),
  )
  const application = await applications.startBare({ imports: stores })
  const [sessions, pages] = ['sessions', 'pages'].map((name) =>
    application.get<AsyncStore>(getStoreToken(name)),
  )
  await sessions?.set('key', 1)
  expect(await pages?.get('key')).toBeUndefined()
})

test('DiskCacheModule.forRootAsync() is global, too', async ({ directory, applications }) => {
  const store = DiskCacheModule.forRootAsync({ isGlobal: true, useFactory: () => ({ directory }) })
  const feature = moduleOf({ providers: [Holder] })
  await expect(applications.startBare({ imports: [store, feature] })).resolves.toBeDefined()
})

test.for<[Partial<DiskCacheModuleOptions>, RegExp]>([
  [{ directory: undefined }, /give it a directory, or a store/],
  [{ directory: '' }, /give it a directory, or a store/],
  [{ directory: 1 } as never, /directory: expected a string, a file: URL or bytes, got 1/],
  [{ store: {} } as never, /both directory and store/],
  [{ directory: undefined, store: {} } as never, /expected a directory, a Store or an AsyncStore/],
  [{ sizeLimit: -1 }, /sizeLimit/],
  [{ size: 1 } as never, /unknown option 'size'/],
  [{ shards: 0 }, /shards/],
])('DiskCacheModule.forRoot() tells what is wrong with %o', async ([options, message], { applications }) => {
  await expect(applications.start({}, options)).rejects.toThrow(message)
})

test('DiskCacheModule.forRoot() refuses unknown options for a store that is given', async ({
  directory,
  applications,
}) => {
  using store = new Cache(directory)
  const options = { directory: undefined, store, sizeLimit: 1 } as unknown as DiskCacheModuleOptions
  await expect(applications.start({}, options)).rejects.toThrow("unknown option 'sizeLimit'")
})

test('DiskCacheModule.forRoot() and forRootAsync() refuse options of a wrong type at once', ({
  directory,
}) => {
  expect(() => DiskCacheModule.forRoot({ directory, name: '' })).toThrow('Cannot use name')
  expect(() => DiskCacheModule.forRoot({ directory, isGlobal: 1 } as never)).toThrow('Cannot use isGlobal')
  expect(() => DiskCacheModule.forRoot(undefined as never)).toThrow('expected an object')
  const withResponses = (responses: unknown) => () =>
    DiskCacheModule.forRoot({ directory, responses } as never)
  for (const none of [null, 1, []]) expect(withResponses(none)).toThrow('responses: expected an object')
  expect(withResponses({ cache: { sizeLimit: 1 } })).toThrow('Cannot use cache for responses')
  expect(withResponses({ hosts: ['*.a'] })).toThrow('Cannot use hosts')
  const useFactory = () => ({ directory })
  const wrong = { useFactory, global: true } as unknown as DiskCacheModuleAsyncOptions
  expect(() => DiskCacheModule.forRootAsync(wrong)).toThrow("unknown option 'global'")
  expect(() => DiskCacheModule.forRootAsync({} as never)).toThrow('Cannot use useFactory')
})

test('DiskCacheModule.forRoot() refuses a second store of one name', async ({ directory, applications }) => {
  const imports = [DiskCacheModule.forRoot({ directory }), DiskCacheModule.forRoot({ directory })]
  await expect(applications.startBare({ imports })).rejects.toThrow(
    "Cannot register the store 'default' of DiskCacheModule twice",
  )
})

test('DiskCacheModule.forRoot() may be imported in several modules, when it was called once', async ({
  directory,
  applications,
}) => {
  const store = DiskCacheModule.forRoot({ directory })
  const features = [1, 2].map(() => moduleOf({ imports: [store], providers: [Holder] }))
  await expect(applications.startBare({ imports: features })).resolves.toBeDefined()
})

test('DiskCacheModule.forRoot() gives way to a store that a test puts in its place', async ({
  directory,
}) => {
  using cache = new Cache(directory)
  const module = await Test.createTestingModule({
    imports: [DiskCacheModule.forRoot({ directory: '/nowhere/at/all' })],
    providers: [Numbers],
  })
    .overrideProvider(getStoreToken())
    .useValue(cache.promises)
    .compile()
  await module.init()
  expect(await module.get(Numbers).next()).toBe(1)
  expect(await module.get(Numbers).next()).toBe(1)
  await module.close()
  expect(cache.size).toBeGreaterThan(0)
})

test('DiskCacheModule serves the hooks of other modules, from the first to the last', async ({
  applications,
}) => {
  const heard: number[] = []
  class Hooked {
    readonly numbers: Numbers
    constructor(numbers: Numbers) {
      this.numbers = numbers
    }
    async onModuleInit() {
      heard.push(await this.numbers.next())
    }
    async onApplicationShutdown() {
      // Nest 11 runs it once more when the application is closed once more.
      if (heard.length === 1) heard.push(await this.numbers.next())
    }
  }
  injectable(Hooked, Numbers)
  const feature = moduleOf({ providers: [Hooked, { provide: Numbers, useFactory: () => new Numbers() }] })
  const application = await applications.start({ imports: [feature] })
  await application.close()
  expect(heard).toEqual([1, 1])
})
