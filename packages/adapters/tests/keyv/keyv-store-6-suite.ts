import type { AsyncStore, Store } from '@diskcache/core'
import { describe, expect } from 'vitest'
import { KeyvStore6 } from '../../src/keyv/keyv-store-6.ts'
import type { EngineOf } from './engines.ts'
import { keyvTest } from './keyv-test.ts'

/** The cases of the suite with which Keyv 6 tests a store by itself, which is not published. */
export function keyvStore6Suite(engine: EngineOf<Store | AsyncStore>): void {
  const test = testOf(engine)
  onOneKey(engine, test)
  onManyKeys(engine, test)
  iterates(engine, test)
  expires(engine, test)
}

function testOf(engine: EngineOf<Store | AsyncStore>) {
  return keyvTest(engine).extend<{ keyvStore: KeyvStore6 }>({
    keyvStore: async ({ store }, use) => use(new KeyvStore6(store)),
  })
}

type Test = ReturnType<typeof testOf>

function onOneKey(engine: EngineOf<Store | AsyncStore>, test: Test): void {
  describe(`KeyvStore6: a storage adapter of Keyv 6 over ${engine.name}, alone`, () => {
    test('KeyvStore6.get() gives what set() was given', async ({ keyvStore }) => {
      expect(await keyvStore.set('key', 'value')).toBe(true)
      expect(await keyvStore.get('key')).toBe('value')
    })

    test('KeyvStore6.get() gives undefined for a key that is not there', async ({ keyvStore }) => {
      expect(await keyvStore.get('missing')).toBeUndefined()
    })

    test('KeyvStore6.delete() removes an entry and gives true', async ({ keyvStore }) => {
      await keyvStore.set('key', 'value')
      expect(await keyvStore.delete('key')).toBe(true)
      expect(await keyvStore.get('key')).toBeUndefined()
    })

    test('KeyvStore6.delete() gives false for a key that is not there', async ({ keyvStore }) => {
      expect(await keyvStore.delete('missing')).toBe(false)
    })

    test('KeyvStore6.has() gives true for an entry', async ({ keyvStore }) => {
      await keyvStore.set('key', 'value')
      expect(await keyvStore.has('key')).toBe(true)
    })

    test('KeyvStore6.has() gives false for a key that is not there', async ({ keyvStore }) => {
      expect(await keyvStore.has('missing')).toBe(false)
    })

    test('KeyvStore6.has() gives false after delete()', async ({ keyvStore }) => {
      await keyvStore.set('key', 'value')
      await keyvStore.delete('key')
      expect(await keyvStore.has('key')).toBe(false)
    })

    test('KeyvStore6.clear() removes all entries', async ({ keyvStore }) => {
      await keyvStore.set('a', '1')
      await keyvStore.set('b', '2')
      expect(await keyvStore.clear()).toBeUndefined()
      expect(await keyvStore.getMany(['a', 'b'])).toEqual([undefined, undefined])
    })
  })
}

function onManyKeys(engine: EngineOf<Store | AsyncStore>, test: Test): void {
  describe(`KeyvStore6 over ${engine.name}, many keys at once`, () => {
    test('KeyvStore6.setMany() stores all entries', async ({ keyvStore }) => {
      const entries = ['a', 'b', 'c'].map((key) => ({ key, value: key.toUpperCase() }))
      expect(await keyvStore.setMany(entries)).toEqual([true, true, true])
      for (const { key, value } of entries) expect(await keyvStore.get(key)).toBe(value)
    })

    test('KeyvStore6.setMany() takes an empty array', async ({ keyvStore }) => {
      expect(await keyvStore.setMany([])).toEqual([])
    })

    test('KeyvStore6.getMany() gives the values in the order of the keys', async ({ keyvStore }) => {
      await keyvStore.set('a', '1')
      await keyvStore.set('b', '2')
      expect(await keyvStore.getMany(['b', 'a'])).toEqual(['2', '1'])
    })

    test('KeyvStore6.getMany() gives undefined for keys that are not there', async ({ keyvStore }) => {
      await keyvStore.set('a', '1')
      expect(await keyvStore.getMany(['x', 'a', 'y'])).toEqual([undefined, '1', undefined])
    })

    test('KeyvStore6.getMany() takes an empty array', async ({ keyvStore }) => {
      expect(await keyvStore.getMany([])).toEqual([])
    })

    test('KeyvStore6.hasMany() gives a boolean for each key', async ({ keyvStore }) => {
      await keyvStore.set('a', '1')
      await keyvStore.set('b', '2')
      expect(await keyvStore.hasMany(['a', 'b', 'c'])).toEqual([true, true, false])
    })

    test('KeyvStore6.hasMany() takes an empty array', async ({ keyvStore }) => {
      expect(await keyvStore.hasMany([])).toEqual([])
    })

    test('KeyvStore6.deleteMany() removes the entries and gives true for each', async ({ keyvStore }) => {
      await keyvStore.set('a', '1')
      await keyvStore.set('b', '2')
      expect(await keyvStore.deleteMany(['a', 'b'])).toEqual([true, true])
      expect(await keyvStore.getMany(['a', 'b'])).toEqual([undefined, undefined])
    })

    test('KeyvStore6.deleteMany() gives false for each key that is not there', async ({ keyvStore }) => {
      await keyvStore.set('b', '2')
      expect(await keyvStore.deleteMany(['a', 'b', 'c'])).toEqual([false, true, false])
    })

    test('KeyvStore6.deleteMany() takes an empty array', async ({ keyvStore }) => {
      expect(await keyvStore.deleteMany([])).toEqual([])
    })
  })
}

function iterates(engine: EngineOf<Store | AsyncStore>, test: Test): void {
  describe(`KeyvStore6 over ${engine.name}, iteration`, () => {
    test('KeyvStore6.iterator() gives an async iterator', ({ keyvStore }) => {
      expect(keyvStore.iterator()[Symbol.asyncIterator]).toBeTypeOf('function')
    })

    test('KeyvStore6.iterator() gives all pairs', async ({ keyvStore }) => {
      keyvStore.namespace = 'pairs'
      await keyvStore.setMany(['a', 'b', 'c'].map((key) => ({ key, value: key.toUpperCase() })))
      const pairs = await Array.fromAsync(keyvStore.iterator())
      expect(new Map(pairs as [string, string][])).toEqual(
        new Map([
          ['a', 'A'],
          ['b', 'B'],
          ['c', 'C'],
        ]),
      )
    })

    test('KeyvStore6.iterator() gives the pairs of its namespace only', async ({ keyvStore }) => {
      await keyvStore.set('none', '0')
      keyvStore.namespace = 'some'
      await keyvStore.set('a', '1')
      await keyvStore.set('b', '2')
      const keys = (await Array.fromAsync(keyvStore.iterator('some'))).map(([key]) => key)
      expect(keys.sort()).toEqual(['a', 'b'])
      keyvStore.namespace = undefined
      expect(await Array.fromAsync(keyvStore.iterator())).toEqual([['none', '0']])
    })

    test('KeyvStore6.iterator() gives nothing for an empty store', async ({ keyvStore }) => {
      keyvStore.namespace = 'empty'
      expect(await Array.fromAsync(keyvStore.iterator())).toEqual([])
    })
  })
}

function expires(engine: EngineOf<Store | AsyncStore>, test: Test): void {
  describe(`KeyvStore6 over ${engine.name}, expiry and life`, () => {
    test('KeyvStore6.set() keeps an entry until it expires', async ({ keyvStore, advance }) => {
      await keyvStore.set('key', 'value', Date.now() + 500)
      advance(499)
      expect(await keyvStore.get('key')).toBe('value')
      advance(1)
      expect(await keyvStore.get('key')).toBeUndefined()
    })

    test('KeyvStore6.set() accepts an entry that has expired, and removes what was there', async ({
      keyvStore,
      advance,
    }) => {
      advance(0)
      for (const expires of [Date.now() - 500, Date.now(), 0, -1]) {
        await keyvStore.set('key', 'before')
        expect(await keyvStore.set('key', 'value', expires)).toBe(true)
        expect(await keyvStore.get('key')).toBeUndefined()
      }
    })

    test('KeyvStore6.has() gives false for an entry that has expired', async ({ keyvStore, advance }) => {
      await keyvStore.set('key', 'value', Date.now() + 500)
      advance(500)
      expect(await keyvStore.has('key')).toBe(false)
      expect(await keyvStore.hasMany(['key'])).toEqual([false])
    })

    test('KeyvStore6.setMany() keeps each entry until it expires', async ({ keyvStore, advance }) => {
      await keyvStore.setMany([
        { key: 'past', value: '0', expires: Date.now() - 1 },
        { key: 'soon', value: '1', expires: Date.now() + 500 },
        { key: 'never', value: '2' },
      ])
      expect(await keyvStore.getMany(['past', 'soon', 'never'])).toEqual([undefined, '1', '2'])
      advance(500)
      expect(await keyvStore.getMany(['past', 'soon', 'never'])).toEqual([undefined, undefined, '2'])
    })

    test('KeyvStore6.namespace is undefined until it is set', ({ keyvStore }) => {
      expect(keyvStore.namespace).toBeUndefined()
      keyvStore.namespace = 'some'
      expect(keyvStore.namespace).toBe('some')
      keyvStore.namespace = undefined
      expect(keyvStore.namespace).toBeUndefined()
    })

    test('KeyvStore6.disconnect() resolves, also a second time', async ({ keyvStore }) => {
      await keyvStore.disconnect()
      await keyvStore.disconnect()
      expect(await keyvStore.get('key')).toBeUndefined()
    })
  })
}
