import type { AsyncStore, Store } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import {
  createStorage,
  prefixStorage,
  restoreSnapshot,
  type Storage,
  type StorageValue,
  snapshot,
} from 'unstorage'
import { describe, expect, vi } from 'vitest'
import { diskcacheDriver } from '../../src/unstorage/diskcache-driver.ts'
import type { DiskcacheDriverOptions } from '../../src/unstorage/driver-options.ts'
import type { Engine } from './engines.ts'

const SIZE_LIMIT = 1_000_000

interface Fixtures {
  store: Store | AsyncStore
  open: (options?: DiskcacheDriverOptions) => Storage
  storage: Storage
  advance: (milliseconds: number) => void
}

/** What the documentation of unstorage says of a storage. */
export function storageSuite(engine: Engine): void {
  const test = testOf(engine)
  keepsValues(engine, test)
  keepsTimes(engine, test)
  findsKeys(engine, test)
}

function testOf(engine: Engine) {
  return directoryTest.extend<Fixtures>({
    store: async ({ directory }, use) => {
      const store = engine.open(directory, SIZE_LIMIT)
      await use(store)
      expect(await store.check()).toEqual([])
      await store.close()
    },
    open: async ({ store }, use) =>
      use((options) => createStorage({ driver: diskcacheDriver(store, options) })),
    storage: async ({ open }, use) => use(open({ storeTimeout: 10_000 })),
    advance: async ({ skip }, use) => {
      skip(engine.isServer === true, 'the time of a server cannot be moved')
      vi.useFakeTimers({ toFake: ['Date'] })
      await use((milliseconds) => vi.setSystemTime(Date.now() + milliseconds))
      vi.useRealTimers()
    },
  })
}

type Test = ReturnType<typeof testOf>

function keepsValues(engine: Engine, test: Test): void {
  describe(`unstorage on ${engine.name}: values`, () => {
    test('getItem() gives what setItem() was given, and null for what is missing', async ({ storage }) => {
      const values = ['text', '', ' 1 a', 0, 1.5, true, false, null, { a: [1, { b: null }] }, [1, 'two']]
      for (const [index, value] of values.entries()) {
        await storage.setItem(`values:${index}`, value)
        expect(await storage.getItem(`values/${index}`)).toEqual(value)
      }
      expect(await storage.hasItem('values:0')).toBe(true)
      expect(await storage.hasItem('missing')).toBe(false)
      expect(await storage.getItem('missing')).toBeNull()
      expect(await storage.getItemRaw('missing')).toBeNull()
    })

    test('setItem() replaces, and removes with undefined', async ({ storage }) => {
      await storage.setItem('key', 'first')
      await storage.setItem('key', 'second')
      expect(await storage.getItem('key')).toBe('second')
      await storage.setItem('key', undefined as never)
      expect(await storage.hasItem('key')).toBe(false)
    })

    test.for([
      Buffer.from([0, 255, 128]),
      new Uint8Array([0, 255, 128]),
      new Uint8Array(70_000).fill(200),
      new Uint8Array(),
    ])('getItemRaw() gives the bytes that setItemRaw() was given', async (bytes, { storage }) => {
      await storage.setItemRaw('bytes', bytes)
      const found = await storage.getItemRaw<Uint8Array>('bytes')
      expect(found).toBeInstanceOf(Uint8Array)
      expect(Buffer.compare(found!, bytes)).toBe(0)
    })

    test('raw values: bytes are text for getItem(), others stay what they are', async ({ storage }) => {
      await storage.setItemRaw('json', Buffer.from('{"name":"Grüße"}'))
      expect(await storage.getItem('json')).toEqual({ name: 'Grüße' })
      await storage.setItemRaw('text', 'base64:AQID')
      expect(await storage.getItemRaw('text')).toBe('base64:AQID')
      await storage.setItemRaw('map', new Map([['a', new Date(0)]]))
      expect(await storage.getItemRaw('map')).toEqual(new Map([['a', new Date(0)]]))
      await storage.setItem('string', '[1]')
      expect(await storage.getItemRaw('string')).toBe('[1]')
    })

    test('getItems() and setItems() are in order, with options of their own', async ({
      storage,
      advance,
    }) => {
      await storage.setItems<StorageValue>(
        [
          { key: 'a', value: { id: 1 } },
          { key: 'b', value: 'two', options: { ttl: 1 } },
        ],
        { ttl: 10 },
      )
      const read = async () => (await storage.getItems(['b', 'missing', 'a'])).map(({ value }) => value)
      expect(await read()).toEqual(['two', null, { id: 1 }])
      advance(1_001)
      expect(await read()).toEqual([null, null, { id: 1 }])
      advance(9_000)
      expect(await read()).toEqual([null, null, null])
    })

    test('a value that is larger than the size limit is refused', async ({ storage }) => {
      const value = 'x'.repeat(3 * SIZE_LIMIT)
      const refused = { code: 'ERR_DISKCACHE_TOO_LARGE' }
      await expect(storage.setItem('large', value)).rejects.toMatchObject(refused)
      await expect(storage.setItemRaw('large', Buffer.from(value))).rejects.toMatchObject(refused)
      await expect(
        storage.setItems<StorageValue>([
          { key: 'large', value },
          { key: 'small', value: 1 },
        ]),
      ).rejects.toMatchObject(refused)
      expect(await storage.getKeys()).toEqual(['small'])
    })
  })
}

function keepsTimes(engine: Engine, test: Test): void {
  describe(`unstorage on ${engine.name}: times`, () => {
    test('a time to live is in seconds; 0 is for ever', async ({ open, advance }) => {
      const storage = open({ ttl: 60, storeTimeout: 10_000 })
      await storage.setItem('default', 1)
      await storage.setItem('short', 1, { ttl: 2 })
      await storage.setItemRaw('raw', Buffer.from('1'), { ttl: 2 })
      await storage.setItem('ever', 1, { ttl: 0 })
      expect(await storage.getMeta('short')).toEqual({ ttl: 2 })
      advance(500)
      expect(await storage.getMeta('default')).toEqual({ ttl: 60 })
      expect(await storage.getMeta('ever')).toEqual({})
      expect(await storage.getMeta('missing')).toEqual({})
      advance(1_501)
      expect((await storage.getKeys()).sort()).toEqual(['default', 'ever'])
      expect(await storage.hasItem('short')).toBe(false)
      advance(60_000)
      expect(await storage.getKeys()).toEqual(['ever'])
      await expect(storage.setItem('key', 1, { ttl: -1 })).rejects.toThrow(
        'Cannot use ttl, which is in seconds',
      )
      await expect(storage.setItem('key', 1, { ttl: '60' })).rejects.toThrow(TypeError)
    })

    test('setMeta() keeps what getMeta() adds, and getKeys() hides it', async ({ storage }) => {
      await storage.setItem('key', 'value', { ttl: 60 })
      await storage.setMeta('key', { mtime: new Date(0), by: 'Ada' })
      expect(await storage.getMeta('key')).toEqual({ ttl: 60, mtime: new Date(0), by: 'Ada' })
      expect(await storage.getMeta('key', { nativeOnly: true })).toEqual({ ttl: 60 })
      expect(await storage.getKeys()).toEqual(['key'])
      await storage.removeItem('key', { removeMeta: true })
      expect(await storage.getMeta('key')).toEqual({})
    })
  })
}

function findsKeys(engine: Engine, test: Test): void {
  describe(`unstorage on ${engine.name}: keys`, () => {
    test('getKeys() gives those below a base, no deeper than maxDepth', async ({ storage }) => {
      for (const key of ['a', 'users', 'users:1', 'users:1:name', 'users2:1', 'us%rs:1', '日本:😀'])
        await storage.setItem(key, key)
      const keys = async (...args: Parameters<Storage['getKeys']>) => (await storage.getKeys(...args)).sort()
      expect(await keys()).toHaveLength(7)
      expect(await keys('users')).toEqual(['users:1', 'users:1:name'])
      expect(await keys('users', { maxDepth: 1 })).toEqual(['users:1'])
      expect(await keys('', { maxDepth: 0 })).toEqual(['a', 'users'])
      expect(await keys('日本')).toEqual(['日本:😀'])
      expect(await storage.getItem('日本/😀')).toBe('日本:😀')
    })

    test('clear() removes what is below a base, and nothing else', async ({ storage, store }) => {
      await store.set('unstorage', 'the application’s own')
      for (const key of ['users:1', 'users:1:name', 'users2:1', 'users']) await storage.setItem(key, 1)
      // A storage hands a base on to drivers that are mounted below it, and to no other.
      await storage.clear('users')
      expect(await storage.getKeys()).toHaveLength(4)
      const { driver } = storage.getMount()
      await driver.clear!('users', {})
      expect((await storage.getKeys()).sort()).toEqual(['users', 'users2:1'])
      await driver.clear!('users2:', {})
      expect(await driver.getKeys('', {})).toEqual(['users'])
      await storage.clear()
      expect(await storage.getKeys()).toEqual([])
      expect(await store.get('unstorage')).toBe('the application’s own')
    })

    test('removeItem() removes one', async ({ storage }) => {
      await storage.setItem('a', 1)
      await storage.setItem('b', 1)
      await storage.removeItem('a')
      await storage.removeItem('missing')
      expect(await storage.getKeys()).toEqual(['b'])
    })

    test('drivers with different bases do not see each other', async ({ open }) => {
      const [plain, users, users2] = [open(), open({ base: 'users' }), open({ base: 'users2' })]
      for (const storage of [plain, users, users2]) await storage.setItem('users:1', 'value')
      await users.clear()
      expect(await users.getKeys()).toEqual([])
      await plain.clear()
      expect(await plain.getKeys()).toEqual([])
      expect(await users2.getKeys()).toEqual(['users:1'])
      expect(await open({ base: 'users2' }).getItem('users:1')).toBe('value')
    })

    test('a storage that is mounted, prefixed, copied', async ({ open }) => {
      const storage = createStorage().mount('cache', open({ base: 'mounted' }).getMount().driver)
      await storage.setItem('outside', 1)
      const users = prefixStorage<number>(storage, 'cache:users')
      await users.setItem('1', 1)
      expect(await users.getKeys()).toEqual(['1'])
      expect((await storage.getKeys()).sort()).toEqual(['cache:users:1', 'outside'])
      const copy = await snapshot(storage, 'cache')
      await storage.clear('cache')
      expect(await storage.getKeys()).toEqual(['outside'])
      await restoreSnapshot(storage, copy as Record<string, string>, 'cache')
      expect(await users.getItem('1')).toBe(1)
    })

    test('watch() tells what this storage does', async ({ storage }) => {
      const events: string[] = []
      const unwatch = await storage.watch((event, key) => events.push(`${event} ${key}`))
      await storage.setItem('a', 1)
      await storage.setItemRaw('b', Buffer.from('1'))
      await storage.removeItem('a')
      await unwatch()
      await storage.setItem('c', 1)
      expect(events).toEqual(['update a', 'update b', 'remove a'])
    })
  })
}
