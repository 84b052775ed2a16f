import type { Store } from '@diskcache/core'
import { Keyv, type KeyvOptions } from 'keyv6'
import { describe, expect } from 'vitest'
import { CACHE, type Engine, FANOUT_CACHE } from '../../tests/keyv/engines.ts'
import { keyvTest } from '../../tests/keyv/keyv-test.ts'
import { createKeyvOf } from './create-keyv.ts'
import { KeyvStore } from './keyv-store.ts'
import { KeyvStore6 } from './keyv-store-6.ts'

type Make = (store: Store, options?: KeyvOptions) => Keyv

/** Keyv 6 adapts a store for Keyv 5 by itself. */
const MAKERS: readonly { name: string; engine: Engine; make: Make }[] = [
  {
    name: 'KeyvStore6 over Cache',
    engine: CACHE,
    make: (store, options) => new Keyv(new KeyvStore6(store), options),
  },
  {
    name: 'createKeyv() over FanoutCache',
    engine: FANOUT_CACHE,
    make: (store, options) => createKeyvOf<Keyv>(Keyv, store, options as object),
  },
  {
    name: 'KeyvStore over Cache',
    engine: CACHE,
    make: (store, options) => new Keyv(new KeyvStore(store), options),
  },
]

/** The cases of the suite with which Keyv 6 tests a store behind a Keyv. */
for (const { name, engine, make } of MAKERS) {
  const test = keyvTest(engine).extend<{ open: (options?: KeyvOptions) => Keyv; keyv: Keyv }>({
    open: async ({ store }, use) => use((options) => make(store, options)),
    keyv: async ({ open }, use) => use(open()),
  })

  describe(`Keyv 6 on ${name}`, () => {
    test('Keyv.set() gives a promise of true', async ({ keyv }) => {
      const promise = keyv.set('key', 'value')
      expect(promise).toBeInstanceOf(Promise)
      expect(await promise).toBe(true)
    })

    test.for([
      false,
      null,
      undefined,
      0,
      '',
      'text',
      '"',
      "'",
      ':',
      { a: [1] },
      Buffer.from('bar'),
      2n ** 70n,
    ])('Keyv.get() gives the value %o', async (value, { keyv }) => {
      await keyv.set("'key'", value)
      expect(await keyv.get("'key'")).toEqual(value)
    })

    test('Keyv.set() emits an error for a symbol, and gives false', async ({ keyv }) => {
      const errors: unknown[] = []
      keyv.on('error', (error) => errors.push(error))
      expect(await keyv.set('key', Symbol('value'))).toBe(false)
      expect(errors).toHaveLength(1)
    })

    test('Keyv.set() keeps a value for its time to live', async ({ keyv, advance }) => {
      await keyv.set('key', 'value', 1_000)
      await keyv.set('ever', 'value', 0)
      advance(999)
      expect(await keyv.has('key')).toBe(true)
      advance(2)
      expect(await keyv.get('key')).toBeUndefined()
      expect(await keyv.has(['key', 'ever'])).toEqual([false, true])
    })

    test('Keyv: the store keeps the time by itself', async ({ open, advance }) => {
      const keyv = open({ checkExpired: false, ttl: 1_000 })
      await keyv.set('key', 'value')
      await keyv.setMany([{ key: 'longer', value: 'value', ttl: 2_000 }])
      advance(1_001)
      expect(await keyv.get(['key', 'longer'])).toEqual([undefined, 'value'])
      expect(await keyv.has(['key', 'longer'])).toEqual([false, true])
    })
  })

  describe(`Keyv 6 on ${name}, beyond set()`, () => {
    test('Keyv.get() of many gives the values in order', async ({ keyv }) => {
      expect(await keyv.setMany([1, 2].map((id) => ({ key: `${id}`, value: id })))).toEqual([true, true])
      expect(await keyv.get(['2', 'missing', '1'])).toEqual([2, undefined, 1])
      expect(await keyv.getManyRaw(['1', 'missing'])).toEqual([{ value: 1 }, undefined])
    })

    test('Keyv.delete() tells whether an entry was there', async ({ keyv }) => {
      await keyv.set('key', 'value')
      expect(await keyv.delete('missing')).toBe(false)
      expect(await keyv.delete('key')).toBe(true)
      expect(await keyv.get('key')).toBeUndefined()
    })

    test('Keyv.setRaw() stores with its expiry', async ({ keyv, advance }) => {
      await keyv.setRaw('key', { value: 'raw', expires: Date.now() + 500 })
      expect(await keyv.getRaw('key')).toMatchObject({ value: 'raw' })
      await keyv.setRaw('past', { value: 'raw', expires: Date.now() - 500 })
      expect(await keyv.getRaw('past')).toBeUndefined()
      advance(501)
      expect(await keyv.getRaw('key')).toBeUndefined()
    })

    test('Keyv: without serialization, values come back as structured clones', async ({ open }) => {
      const keyv = open({ serialization: false })
      const value = { map: new Map([['a', new Date(0)]]), text: 'a' }
      await keyv.set('key', value, 60_000)
      expect(await keyv.get('key')).toEqual(value)
      expect(await Array.fromAsync(keyv.iterator())).toEqual([['key', value]])
    })

    test('Keyv: namespaces do not see each other', async ({ open }) => {
      const [users, users2] = [open({ namespace: 'users' }), open({ namespace: 'users2' })]
      await users.setMany(['a', 'b'].map((key) => ({ key, value: 1 })))
      await users2.setMany(['a', 'b', 'c'].map((key) => ({ key, value: 2 })))
      expect(await users.get('a')).toBe(1)
      expect(await users.delete('a')).toBe(true)
      expect(await users2.get('a')).toBe(2)
      await users.clear()
      expect(await users.get('b')).toBeUndefined()
      expect(await Array.fromAsync(users2.iterator())).toEqual([
        ['a', 2],
        ['b', 2],
        ['c', 2],
      ])
    })

    test('Keyv.iterator() leaves out what has expired', async ({ keyv, advance }) => {
      await keyv.set('soon', 1, 500)
      await keyv.set('never', 2)
      advance(501)
      expect(await Array.fromAsync(keyv.iterator())).toEqual([['never', 2]])
    })

    test('Keyv: hooks see and change what goes to the store', async ({ keyv }) => {
      const seen: unknown[] = []
      keyv.onHook('before:set', (data) => {
        data.value = `${data.value}!`
      })
      keyv.onHook('after:get', ({ key, value }) => void seen.push([key, value.value]))
      await keyv.set('key', 'value')
      await keyv.get('key')
      expect(seen).toEqual([['key', 'value!']])
    })
  })
}
