import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest } from '@diskcache/testkit'
import { Keyv } from 'keyv'
import { Keyv as Keyv6 } from 'keyv6'
import { expect, expectTypeOf } from 'vitest'
import { CACHE } from '../../tests/keyv/engines.ts'
import { keyvTest } from '../../tests/keyv/keyv-test.ts'
import { createKeyv, createKeyvOf } from './create-keyv.ts'

const test = keyvTest(CACHE)

test('createKeyv() gives a Keyv of the class that an import of keyv gives', ({ store }) => {
  const keyv = createKeyv<{ id: number }>(store)
  expect(keyv).toBeInstanceOf(Keyv)
  expect(keyv.namespace).toBe('keyv')
  expectTypeOf(keyv.get('1')).resolves.toEqualTypeOf<{ id: number } | undefined>()
})

test('createKeyv() makes a Keyv of the class that is handed in, and refuses what is none', async ({
  store,
}) => {
  class OwnKeyv extends Keyv {}
  const keyv = createKeyv(store, { Keyv: OwnKeyv, namespace: 'own' })
  expect(keyv).toBeInstanceOf(OwnKeyv)
  await keyv.set('1', 'Ada')
  expect(await keyv.get('1')).toBe('Ada')
  expect(() => createKeyv(store, { Keyv: 'keyv' as never })).toThrow('Cannot use Keyv: expected a function')
})

test('createKeyv() hands its options to Keyv, and those of the cache to the cache', async ({ directory }) => {
  const options = { namespace: 'users', ttl: 60_000, cache: { sizeLimit: 5_000_000 } }
  const keyv = createKeyv(`${directory}/own`, options)
  await keyv.set('1', 'Ada')
  await keyv.disconnect()
  using cache = new Cache(`${directory}/own`)
  expect(cache.settings.sizeLimit).toBe(5_000_000)
  const { expireTime } = cache.getEntry('keyv:users:1')!
  expect(Math.abs(expireTime! - Date.now() - 60_000)).toBeLessThan(30_000)
  expect(() => createKeyv(`${directory}/own`, { cache: { size: 1 } as object })).toThrow(
    "unknown option 'size'",
  )
})

test('createKeyv(): a ttl of the cache is that of entries without one', async ({ directory }) => {
  const keyv = createKeyv(`${directory}/own`, { cache: { ttl: 60_000 } })
  await keyv.set('none', 1)
  await keyv.set('own', 1, 600_000)
  await keyv.store.set('ever', 1, 0)
  await keyv.disconnect()
  using cache = new Cache(`${directory}/own`)
  const [none, own, ever] = ['none', 'own', 'ever'].map(
    (key) => cache.getEntry(`keyv:keyv:${key}`)!.expireTime,
  )
  expect(Math.abs(none! - Date.now() - 60_000)).toBeLessThan(30_000)
  expect(Math.abs(own! - Date.now() - 600_000)).toBeLessThan(30_000)
  expect(ever).toBeNull()
})

test('createKeyv(): several Keyvs share a cache, and none closes it', async ({ store }) => {
  const [users, users2] = [
    createKeyv(store, { namespace: 'users' }),
    createKeyv(store, { namespace: 'users2' }),
  ]
  await users.set('a', 1)
  await users2.set('a', 2)
  await users.clear()
  await users.disconnect()
  expect(await users2.get('a')).toBe(2)
})

test("createKeyv() keeps entries in the namespace of its own within the store's namespace of Keyv", async ({
  store,
}) => {
  await createKeyv(store, { namespace: 'users' }).set('1', 'Ada')
  const keyvs = store.namespace('keyv')
  expect([...keyvs.namespace('users').keys()]).toEqual(['1'])
  const own = createKeyv(store.namespace('mine'), { namespace: 'users' })
  await own.set('1', 'Grace')
  await own.clear()
  expect([keyvs.size, store.namespace('mine').size]).toEqual([1, 0])
})

directoryTest('createKeyv() takes a FanoutCache, its promises, and a directory', async ({ directory }) => {
  const fanout = new FanoutCache(`${directory}/fanout`, { shards: 2 })
  for (const source of [fanout, fanout.promises, `${directory}/cache`]) {
    const keyv = createKeyv(source)
    await keyv.set('key', 'value')
    expect(await keyv.get('key')).toBe('value')
    await keyv.disconnect()
  }
  expect(fanout.isOpen).toBe(true)
  fanout.close()
})

test('createKeyv(): keys and namespaces that Keyv 5 mistakes for prefixes', async ({ store }) => {
  const keyv = createKeyv(store, { namespace: 'a:b' })
  await keyv.set('a:b:key', 1)
  await keyv.set('key', 2)
  expect(await keyv.get(['a:b:key', 'key'])).toEqual([1, 2])
  expect(await Array.fromAsync(keyv.iterator!('a:b'))).toEqual([
    ['a:b:key', 1],
    ['key', 2],
  ])
  expect(await keyv.set(7 as never, 3)).toBe(true)
  expect(await keyv.get('7')).toBe(3)
})

test('createKeyv(): entries of Keyv 5 are there for Keyv 6, and the other way round', async ({ store }) => {
  const five = createKeyv(store, { namespace: 'users' })
  const six = createKeyvOf<Keyv6>(Keyv6, store, { namespace: 'users' })
  await five.set('a', { text: ':text', bytes: Buffer.from('bytes') }, 60_000)
  expect(await six.get('a')).toEqual({ text: ':text', bytes: Buffer.from('bytes') })
  await six.set('b', { text: ':text', bytes: Buffer.from('bytes') }, 60_000)
  expect(await five.get('b')).toEqual({ text: ':text', bytes: Buffer.from('bytes') })
})

directoryTest('createKeyv() keeps entries in memory for a cache that it opens', async ({ directory }) => {
  const memory = { maxBytes: 100_000, staleness: 2 ** 31 }
  const keyv = createKeyv<number>(directory, { cache: { memory } })
  await keyv.set('key', 1)
  expect(await keyv.get('key')).toBe(1)
  using other = new Cache(directory)
  other.clear()
  expect(await keyv.get('key')).toBe(1)
  await keyv.disconnect()
})
