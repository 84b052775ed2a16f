import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { Faults, MemoryStore } from '@diskcache/testkit/memory'
import { Agent, interceptors, request } from 'undici'
import { expect } from 'vitest'
import { cacheStoreSuite } from '../../tests/undici/cache-store-suite.ts'
import { Origin } from '../../tests/undici/origin.ts'
import { bodyOf, errorsDuring, headOf, KEY, keyOf, put } from '../../tests/undici/stored-response.ts'
import { CACHE, ENGINES, undiciTest } from '../../tests/undici/undici-test.ts'
import { UndiciCacheStore } from './undici-cache-store.ts'

for (const engine of ENGINES) cacheStoreSuite(engine)

const test = undiciTest(CACHE)

test('UndiciCacheStore: names keep caches of one store apart', async ({ store }) => {
  const [one, other] = ['one', 'other'].map((name) => new UndiciCacheStore(store, { name }))
  await put(one!, KEY, 'one')
  expect(await bodyOf(one!, KEY)).toBe('one')
  expect(await other!.get(KEY)).toBeUndefined()
})

test('UndiciCacheStore refuses options that are none', ({ store, directory }) => {
  const open = (options: object) => () => new UndiciCacheStore(store, options)
  expect(open({ name: 'a:b' })).toThrow(
    "Cannot use name: expected letters, digits, '_', '.' and '-', got 'a:b'",
  )
  expect(open({ name: 7 })).toThrow('Cannot use name: expected a string')
  expect(open({ maxEntrySize: -1 })).toThrow('Cannot use maxEntrySize: expected an integer of at least 0')
  expect(open({ storeTimeout: 0 })).toThrow('storeTimeout')
  expect(open({ sizeLimit: 1 })).toThrow("unknown option 'sizeLimit'")
  expect(() => new UndiciCacheStore(`${directory}/b`, { size: 1 } as object)).toThrow("unknown option 'size'")
  expect(() => new UndiciCacheStore(7 as never)).toThrow('expected a directory, a Store or an AsyncStore')
})

test('UndiciCacheStore: a URL that cannot be a key is not stored', async ({ cache }) => {
  const key = keyOf('/\ud800')
  expect(cache.createWriteStream(key, headOf())).toBeUndefined()
  expect(await cache.get(key)).toBeUndefined()
  await cache.delete(key)
})

directoryTest('close() waits for what is being stored, and closes what was opened', async ({ directory }) => {
  const cache = new UndiciCacheStore(directory, { sizeLimit: 10_000_000 })
  const [ended, open] = ['/ended', '/open'].map((path) => cache.createWriteStream(keyOf(path), headOf())!)
  open!.write('x')
  ended!.end('x'.repeat(200_000))
  await cache.close()
  await cache.close()
  expect(await cache.get(keyOf('/ended'))).toBeUndefined()
  expect(cache.createWriteStream(KEY, headOf())).toBeUndefined()
  await cache.delete(KEY)
  using store = new Cache(directory)
  expect(store.settings.sizeLimit).toBe(10_000_000)
  await using again = new UndiciCacheStore(store)
  expect(await bodyOf(again, keyOf('/ended'))).toHaveLength(200_000)
  expect(await again.get(keyOf('/open'))).toBeUndefined()
})

test('UndiciCacheStore: a store that fails costs no request, and the channel is told', async () => {
  await using origin = await new Origin({
    '/page': (incoming, response) =>
      response
        .setHeader('Cache-Control', 'max-age=60')
        .end(incoming.method === 'GET' ? 'x'.repeat(Number(incoming.headers['x-length'])) : ''),
  }).listen()
  const told = await errorsDuring(async () => {
    for (const seed of [1, 2, 3, 4]) {
      const store: AsyncStore = new Faults({ seed, perMille: 500 }).in(new MemoryStore())
      const cache = new UndiciCacheStore(store)
      const agent = new Agent()
      const dispatcher = agent.compose(interceptors.cache({ store: cache }))
      for (const length of [10, 100_000]) {
        for (let i = 0; i < 5; i++) {
          const { statusCode, body } = await request(origin.url('/page'), {
            dispatcher,
            headers: { 'X-Length': `${length}` },
          })
          expect([statusCode, (await body.text()).length]).toEqual([200, expect.any(Number)])
        }
        const { statusCode, body } = await request(origin.url('/page'), { dispatcher, method: 'POST' })
        await body.dump()
        expect(statusCode).toBe(200)
      }
      await cache.close()
      await agent.destroy()
    }
  })
  expect(told.map(String)).toContain('Error: Injected fault: nothing was done')
})

/** Asks `/large` of a server, with a cache on a store. */
async function askLarge(store: AsyncStore, options = {}): Promise<number> {
  await using origin = await new Origin({
    '/large': (_, response) => response.setHeader('Cache-Control', 'max-age=60').end('x'.repeat(8_000_000)),
  }).listen()
  const cache = new UndiciCacheStore(store, options)
  const agent = new Agent()
  const dispatcher = agent.compose(interceptors.cache({ store: cache }))
  const { body } = await request(origin.url('/large'), { dispatcher })
  const { length } = await body.text()
  await cache.close()
  await agent.destroy()
  return length
}

directoryTest('UndiciCacheStore: a store that is closed costs no request', async ({ directory }) => {
  const store = new Cache(directory).promises
  await store.close()
  const told = await errorsDuring(async () => expect(await askLarge(store)).toBe(8_000_000))
  expect(told).not.toEqual([])
})

directoryTest.for([['write'], ['write', 'get']])(
  'UndiciCacheStore: a store whose %o stands still costs no request',
  async (names, { directory }) => {
    await using store = new Cache(directory).promises
    const hung = names.reduce<AsyncStore>(
      (inner, name) => replaced(inner, name, () => new Promise(() => {})),
      store,
    )
    expect(await askLarge(hung, { storeTimeout: 50 })).toBe(8_000_000)
  },
)

test.for(['set', 'update'] as const)('delete() removes what is in the midst of %s()', async (name) => {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const store = new MemoryStore()
  const gated = replaced(store, name, async (operation) => {
    reached.resolve()
    await opened.promise
    return operation()
  })
  let updates = 0
  const counted = replaced(gated, 'update', async (operation) => {
    updates++
    return operation()
  })
  const cache = new UndiciCacheStore(counted, { storeTimeout: 10_000 })
  cache.createWriteStream(KEY, headOf())!.end('x'.repeat(100_000))
  await reached.promise
  const removal = cache.delete(KEY)
  // Time for what does not wait.
  for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate)
  opened.resolve()
  await removal
  expect(await cache.get(KEY)).toBeUndefined()
  expect(await store.count()).toBe(0)
  expect(updates).toBe(name === 'update' ? 1 : 0)
})

test('UndiciCacheStore: nothing is left of a body whose head cannot be stored', async () => {
  const store = new MemoryStore()
  const failing = replaced(store, 'update', async () => Promise.reject(new Error('no update')))
  const cache = new UndiciCacheStore(failing)
  const told = await errorsDuring(() => put(cache, KEY, 'x'.repeat(100_000)))
  expect(told.map(String)).toContain('Error: no update')
  expect(await store.count()).toBe(0)
})

/** Returns the same store, of which one member does something else. */
function replaced(
  store: AsyncStore,
  replacedName: string,
  instead: (operation: () => unknown) => Promise<unknown>,
): AsyncStore {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== replacedName) return member.bind(target)
      return (...args: unknown[]) => instead(() => Reflect.apply(member, target, args))
    },
  })
}
