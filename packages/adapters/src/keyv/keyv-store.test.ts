import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Cache } from '@diskcache/cache'
import type { Store } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { Keyv } from 'keyv'
import { Keyv as Keyv6 } from 'keyv6'
import { describe, expect, vi } from 'vitest'
import { CACHE, ENGINES } from '../../tests/keyv/engines.ts'
import { keyvTest } from '../../tests/keyv/keyv-test.ts'
import { KeyvStore } from './keyv-store.ts'
import { KeyvStore6 } from './keyv-store-6.ts'

const HOSTILE = [
  '',
  "'",
  '"; DROP TABLE Cache',
  ':',
  'a',
  'a:',
  'a:b',
  '%',
  '*',
  '_',
  '\0',
  '\ud800',
  '\udfff',
  '%d800',
]

const test = keyvTest(CACHE).extend<{ keyvStore: KeyvStore }>({
  keyvStore: async ({ store }, use) => use(new KeyvStore(store)),
})

describe('expiry', () => {
  test('KeyvStore.set() counts from now; 0 and undefined are for ever, less than 0 is over', async ({
    store,
    keyvStore,
    advance,
  }) => {
    await keyvStore.set('soon', 1, 500)
    await keyvStore.setMany([
      { key: 'zero', value: 2, ttl: 0 },
      { key: 'none', value: 3, ttl: undefined },
      { key: 'infinite', value: 4, ttl: Infinity },
    ])
    await keyvStore.set('past', 'before')
    expect(await keyvStore.set('past', 'after', -1)).toBe(true)
    expect(store.getEntry('keyv::soon')?.expireTime).toBe(Date.now() + 500)
    expect(store.getEntry('keyv::zero')?.expireTime).toBeNull()
    advance(500)
    expect(await keyvStore.getMany(['soon', 'zero', 'none', 'infinite', 'past'])).toEqual([
      undefined,
      2,
      3,
      4,
      undefined,
    ])
  })

  test('KeyvStore.set() rejects a time to live that is no number', async ({ keyvStore }) => {
    await expect(keyvStore.set('key', 1, Number.NaN)).rejects.toThrow(RangeError)
    await expect(keyvStore.set('key', 1, '5s' as never)).rejects.toThrow(RangeError)
  })

  test('KeyvStore: what has expired leaves the disk with the writes that follow', async ({
    store,
    keyvStore,
    advance,
  }) => {
    await keyvStore.setMany(Array.from({ length: 8 }, (_, i) => ({ key: `${i}`, value: i, ttl: 100 })))
    advance(100)
    expect(store.size).toBe(8)
    await keyvStore.set('next', 1)
    expect(store.size).toBe(1)
  })
})

describe('values', () => {
  test('KeyvStore.get() gives what Keyv gives without serialization', async ({ keyvStore }) => {
    const keyv = new Keyv(keyvStore, { serialize: undefined, deserialize: undefined } as object)
    const value = { map: new Map([['a', 1n]]), bytes: Buffer.from('b'), when: new Date(0) }
    await keyv.set('key', value, 60_000)
    expect(await keyv.get('key')).toEqual(value)
    expect(await keyv.get(['key'])).toEqual([value])
  })

  test('KeyvStore.set() removes what was to be replaced by a value that is too large, and tells it', async ({
    directory,
  }) => {
    for (const Store of [KeyvStore, KeyvStore6]) {
      const store = new Store(join(directory, Store.name), { sizeLimit: 100_000 })
      const errors: unknown[] = []
      store.on('error', (error) => errors.push(error))
      await store.set('key', 'old')
      expect(await store.set('key', 'x'.repeat(100_001))).toBe(false)
      expect(await store.setMany([{ key: 'b', value: 'x'.repeat(100_001) }])).toEqual([false])
      expect(await store.get('key')).toBeUndefined()
      expect(errors).toEqual(Array(2).fill(expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' })))
      await store.disconnect()
    }
  })

  test('KeyvStore.set() rejects what cannot be kept, and Keyv emits it', async ({ keyvStore }) => {
    const keyv = new Keyv(keyvStore, { serialize: undefined, deserialize: undefined } as object)
    const errors: unknown[] = []
    keyv.on('error', (error) => errors.push(error))
    expect(await keyv.set('key', () => {})).toBe(false)
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' })])
  })

  directoryTest('KeyvStore.set() gives false for what is larger than the limit', async ({ directory }) => {
    const keyv = new Keyv(new KeyvStore(directory, { sizeLimit: 100_000 }))
    expect(await keyv.set('large', 'x'.repeat(200_000))).toBe(false)
    expect(await keyv.setMany([{ key: 'small', value: 'x' }])).toEqual([true])
    await keyv.disconnect()
  })

  directoryTest('KeyvStore evicts what was used least recently', async ({ directory, clock }) => {
    const options = { sizeLimit: 400_000, evictionPolicy: 'least-recently-used', clock: clock.now } as const
    const keyv = new Keyv(new KeyvStore(directory, options))
    for (let i = 0; i < 100; i++) {
      clock.advance(1_000)
      await keyv.set(`key ${i}`, 'x'.repeat(10_000))
      await keyv.get('key 0')
    }
    await keyv.disconnect()
    using cache = new Cache(directory)
    expect(cache.volume()).toBeLessThan(500_000)
    expect(cache.hasMany(['keyv:keyv:keyv:key 0', 'keyv:keyv:keyv:key 1'])).toEqual([true, false])
  })
})

for (const engine of ENGINES) {
  describe(`namespaces over ${engine.name}`, () => {
    const test = keyvTest(engine)

    test('KeyvStore, KeyvStore6: hostile namespaces and keys stay apart', async ({ store }) => {
      const stores = HOSTILE.map((namespace) => inNamespace(store, namespace))
      for (const keyvStore of stores) {
        await keyvStore.setMany(HOSTILE.map((key) => ({ key, value: [keyvStore.namespace, key] })))
      }
      for (const [index, keyvStore] of stores.entries()) {
        const all = HOSTILE.map((key) => [key, [keyvStore.namespace, key]])
        expect(await keyvStore.getMany(HOSTILE)).toEqual(all.map(([, value]) => value))
        const found = await Array.fromAsync(keyvStore.iterator())
        expect(found.toSorted()).toEqual(all.toSorted())
        await keyvStore.clear()
        expect(await keyvStore.hasMany(HOSTILE)).toEqual(HOSTILE.map(() => false))
        expect(store.size).toBe((HOSTILE.length - index - 1) * HOSTILE.length)
      }
    })

    test('KeyvStore.clear() leaves other entries of the store alone', async ({ store }) => {
      store.set('keyv', 1)
      store.set(['keyv', 'a'], 2)
      const keyvStore = inNamespace(store, 'a')
      await keyvStore.set('key', 3)
      await keyvStore.clear()
      expect(new Set(store.keys())).toEqual(new Set(['keyv', ['keyv', 'a']]))
    })

    test('KeyvStore.iterator() goes on while its entries are deleted and others added', async ({ store }) => {
      const keyvStore = inNamespace(store, 'many')
      const keys = Array.from({ length: 250 }, (_, i) => `key ${i}`)
      await keyvStore.setMany(keys.map((key) => ({ key, value: key })))
      await inNamespace(store, 'other').setMany(keys.map((key) => ({ key, value: 'other' })))
      const seen: unknown[] = []
      for await (const [key, value] of keyvStore.iterator()) {
        seen.push(value)
        await keyvStore.delete(key as string)
        await keyvStore.set(`new ${key}`, 'new')
      }
      expect(seen.toSorted()).toEqual(keys.toSorted())
    })
  })
}

/** Returns a store of one kind or the other, by the length of the namespace. */
function inNamespace(store: Store, namespace: string): KeyvStore | KeyvStore6 {
  const Class = namespace.length % 2 === 0 ? KeyvStore : KeyvStore6
  return Object.assign(new Class(store), { namespace })
}

describe('one object for several Keyvs', () => {
  test('KeyvStore keeps them apart by the prefix of the keys', async ({ store, keyvStore }) => {
    const [users, users2, nested] = ['users', 'users2', 'users:x'].map(
      (namespace) => new Keyv({ store: keyvStore, namespace }),
    )
    await Promise.all([users!.set('a', 1), users2!.set('a', 2), nested!.set('a', 3)])
    expect(await Promise.all([users, users2, nested].map((keyv) => keyv!.get('a')))).toEqual([1, 2, 3])
    const alone = new Keyv({ store: new KeyvStore(store), namespace: 'users' })
    expect(await alone.get('a')).toBe(1)
    await alone.clear()
    expect(await Promise.all([users, users2, nested].map((keyv) => keyv!.has('a')))).toEqual([
      false,
      true,
      true,
    ])
  })

  test('KeyvStore.clear() refuses to guess whose namespace is meant', async ({ keyvStore }) => {
    const users = new Keyv({ store: keyvStore, namespace: 'users', throwOnErrors: true })
    const users2 = new Keyv({ store: keyvStore, namespace: 'users2' })
    await users2.set('a', 2)
    await expect(users.clear()).rejects.toThrow(
      "Cannot clear: Keyvs with the namespaces 'users' and 'users2' share this object",
    )
    expect(await users2.get('a')).toBe(2)
  })

  test('KeyvStore.clear() follows a Keyv that changes its namespace', async ({ keyvStore }) => {
    const keyv = new Keyv({ store: keyvStore, namespace: 'before', throwOnErrors: true })
    await keyv.set('a', 1)
    keyv.namespace = 'after'
    await keyv.set('a', 2)
    await keyv.clear()
    keyv.namespace = 'before'
    expect(await keyv.get('a')).toBe(1)
  })

  test('KeyvStore6 warns, since Keyv 6 does not say whose key it is', async ({ store }) => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const keyvStore = new KeyvStore6(store)
    const users = new Keyv6({ store: keyvStore, namespace: 'users' })
    expect(warn).not.toHaveBeenCalled()
    new Keyv6({ store: keyvStore, namespace: 'users2' })
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("'users' and 'users2'"), {
      code: 'DISKCACHE_KEYV_SHARED',
    })
    await expect(users.clear()).rejects.toThrow('Cannot clear')
    warn.mockRestore()
  })
})

describe('errors', () => {
  directoryTest(
    'KeyvStore.get() rejects, and tells listeners what Keyv passes over',
    async ({ directory }) => {
      const keyv = new Keyv(await closed(new KeyvStore(directory)))
      const errors: unknown[] = []
      keyv.on('error', ({ code }) => errors.push(code))
      expect(await keyv.get('key')).toBeUndefined()
      expect(errors).toEqual(['ERR_DISKCACHE_CLOSED'])
      expect(await keyv.set('key', 1)).toBe(false)
      expect(await keyv.delete('key')).toBe(false)
      await keyv.clear()
      expect(errors).toEqual(Array(4).fill('ERR_DISKCACHE_CLOSED'))
    },
  )

  directoryTest('KeyvStore.get() rejects when nobody listens', async ({ directory }) => {
    const keyvStore = await closed(new KeyvStore(directory))
    await expect(keyvStore.get('key')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  })

  directoryTest('KeyvStore6: Keyv 6 emits an error once, or rejects', async ({ directory }) => {
    const keyv = new Keyv6(await closed(new KeyvStore6(directory)))
    await expect(keyv.get('key')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    const errors: unknown[] = []
    keyv.on('error', ({ code }) => errors.push(code))
    expect(await keyv.get('key')).toBeUndefined()
    expect(await keyv.set('key', 1)).toBe(false)
    expect(await Array.fromAsync(keyv.iterator())).toEqual([])
    expect(errors).toEqual(Array(3).fill('ERR_DISKCACHE_CLOSED'))
  })
})

async function closed<S extends KeyvStore | KeyvStore6>(keyvStore: S): Promise<S> {
  await keyvStore.disconnect()
  return keyvStore
}

describe('stores', () => {
  directoryTest('KeyvStore.disconnect() closes what it opened, once', async ({ directory }) => {
    const keyvStore = new KeyvStore(directory)
    await keyvStore.set('key', 1)
    await Promise.all([keyvStore.disconnect(), keyvStore.disconnect()])
    await keyvStore.disconnect()
    await expect(keyvStore.get('key')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  })

  test('KeyvStore.disconnect() leaves open what it was given', async ({ store, keyvStore }) => {
    await keyvStore.disconnect()
    expect(store.get('key')).toBeUndefined()
    expect(await keyvStore.get('key')).toBeUndefined()
  })

  test('KeyvStore.disconnect() waits for what was asked for before', async ({ directory }) => {
    const keyvStore = new KeyvStore(`${directory}/own`)
    const stored = keyvStore.set('key', 1)
    await keyvStore.disconnect()
    expect(await stored).toBe(true)
    using cache = new Cache(`${directory}/own`)
    expect(cache.get('keyv::key')).toBe(1)
  })

  test('KeyvStore works on any AsyncStore', async () => {
    const keyv = new Keyv(new KeyvStore(new MemoryStore()))
    await keyv.set('a', 1)
    await keyv.set('b', 2)
    const pairs = await Array.fromAsync(keyv.iterator!('keyv'))
    expect(pairs.toSorted()).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    await keyv.clear()
    expect(await keyv.get(['a', 'b'])).toEqual([undefined, undefined])
  })

  test('KeyvStore refuses what is no store, and options for a store that is open', ({ store }) => {
    expect(() => new KeyvStore(new Map() as never)).toThrow(TypeError)
    expect(() => new KeyvStore(store, { sizeLimit: 1 })).toThrow("unknown option 'sizeLimit'")
    expect(() => Object.assign(new KeyvStore(store), { namespace: 1 })).toThrow('Cannot use namespace')
  })

  test('KeyvStore.setMany(), deleteMany() are one transaction', async ({ store, keyvStore }) => {
    await keyvStore.set('b', 1)
    const entries = [
      { key: 'a', value: 1 },
      { key: 'b', value: () => {} },
    ]
    await expect(keyvStore.setMany(entries)).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE',
    })
    expect(store.size).toBe(1)
    expect(await keyvStore.deleteMany(['a', 'b'])).toBe(true)
    expect(await keyvStore.deleteMany(['a', 'b'])).toBe(false)
  })
})

directoryTest(
  'KeyvStore keeps instances as plain objects in its directory, and leaves a store its own way',
  async ({ directory }) => {
    class Point {
      x = 1
    }
    const raw = { serialize: undefined, deserialize: undefined } as never
    const own = new Keyv({ store: new KeyvStore(join(directory, 'own')), ...Object(raw) })
    expect([await own.set('k', new Point()), await own.get('k')]).toEqual([true, { x: 1 }])
    await own.disconnect()
    using cache = new Cache(join(directory, 'given'))
    const unsupported = { code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' }
    await expect(new KeyvStore(cache).set('k', new Point())).rejects.toMatchObject(unsupported)
    const named = { point: { type: Point, write: () => null, read: () => new Point() } }
    const store = new KeyvStore(pathToFileURL(join(directory, 'named')), { classes: named })
    await store.set('k', new Point())
    expect(await store.get('k')).toBeInstanceOf(Point)
    await store.disconnect()
  },
)
