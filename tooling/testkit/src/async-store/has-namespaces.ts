import type { Key } from '@diskcache/core'
import { expect } from 'vitest'
import { KEYS, NAMES } from '../namespaces/keys-and-names.ts'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that namespaces are stores of their own, within the whole. */
export function hasNamespaces(suite: AsyncStoreSuite): void {
  keepsThemApart(suite)
  keepsToTheirOptions(suite)
  refusesAndFails(suite)
}

function keepsThemApart({ name, test }: AsyncStoreSuite): void {
  test(`${name}: namespaces keep keys of all kinds apart, and give them back`, async ({ store }) => {
    await store.set('a', 'whole')
    const namespaces = NAMES.map((one) => store.namespace<Key, string>(one))
    const write = (i: number) => namespaces[i]!.setMany(KEYS.map((key, j) => [key, `${i}.${j}`]))
    await Promise.all(namespaces.map((_, i) => write(i)))
    for (const [i, namespace] of namespaces.entries()) {
      expect(await namespace.getMany(KEYS)).toEqual(KEYS.map((_, j) => `${i}.${j}`))
      expect(new Set(await Array.fromAsync(namespace.keys()))).toEqual(new Set(KEYS))
      expect(await namespace.count()).toBe(KEYS.length)
    }
    expect(await store.count()).toBe(1 + NAMES.length * KEYS.length)
    expect(await namespaces[0]?.clear()).toBe(KEYS.length)
    expect(await store.count()).toBe(1 + (NAMES.length - 1) * KEYS.length)
    expect(await store.get('a')).toBe('whole')
  })

  test(`${name}: a namespace stands in the whole under its name, and within another one under both`, async ({
    store,
  }) => {
    const inner = store.namespace('a').namespace('b')
    await Promise.all([inner.set('c', 1), inner.set(7, 2)])
    expect((await Array.fromAsync(store.keys())).toSorted()).toEqual(['a:b:#i7', 'a:b:c'])
    expect(await store.namespace('a').get('b:c')).toBe(1)
    expect(await store.namespace('a:b').get('c')).toBeUndefined()
    expect([await store.namespace('a').clear(), await inner.count()]).toEqual([2, 0])
  })

  test(`${name}: a namespace lists, counts and removes only its own`, async ({ store }) => {
    const users = store.namespace('users')
    for (const one of [store, users, store.namespace('users2')])
      await one.setMany([
        ['aa', 1, { tag: 'x' }],
        ['ab', 2, { tag: 'x' }],
        ['#a', 3, { tag: 'x' }],
        ['b', 4],
      ])
    const listed = async (options: object) => (await Array.fromAsync(users.keys(options))).toSorted()
    expect([await listed({ prefix: 'a' }), await listed({ tag: 'x' })]).toEqual([
      ['aa', 'ab'],
      ['#a', 'aa', 'ab'],
    ])
    expect(await Array.fromAsync(users.entries({ prefix: '#' }))).toEqual([['#a', 3]])
    expect(await Array.fromAsync(users.values({ tag: 'x', prefix: 'ab' }))).toEqual([2])
    expect([await users.count({ prefix: 'a' }), await users.count({ prefix: '#' })]).toEqual([2, 1])
    expect([await users.evict('x', { prefix: 'ab' }), await users.evict('x')]).toEqual([1, 2])
    expect([await users.evict({ untagged: true }), await users.count()]).toEqual([1, 0])
    expect([await store.evict('x'), await store.clear()]).toEqual([6, 2])
  })
}

function keepsToTheirOptions({ name, test }: AsyncStoreSuite): void {
  test(`${name}: what a namespace adds to writes`, async ({ store }) => {
    const short = store.namespace('short', { ttl: 1_000_000, tag: 'ns' })
    await Promise.all([short.set('a', 1), short.setMany([['b', 1]]), short.incr('c'), short.add('d', 1)])
    await short.update('e', () => ({ set: 1 }))
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const entry = await short.getEntry(key)
      expect(entry?.tags, key).toEqual(['ns'])
      expect(entry?.expireTime, key).toEqual(expect.any(Number))
    }
    await short.set('a', 3, { ttl: Infinity })
    expect((await short.getEntry('a'))?.expireTime).toBeNull()
    await short.set('a', 3, { tag: 'own' })
    expect((await short.getEntry('a'))?.tags).toEqual(['own', 'ns'])
    expect(await store.evict('ns')).toBe(5)
  })

  test(`${name}: setMany() takes undefined of an entry for left out`, async ({ store }) => {
    const none = { ttl: undefined, tag: undefined, pin: undefined }
    const common = { ttl: 1_000_000, tag: 'all' }
    for (const whole of [store, store.namespace('a')]) {
      await whole.setMany([['a', 1, none] as const, ['b', 1, { ...none, tag: 'own' }]], common)
      const entries = await whole.getEntries(['a', 'b'])
      expect(entries.map((entry) => [entry?.tags, entry?.expireTime])).toEqual([
        [['all'], expect.any(Number)],
        [['own'], expect.any(Number)],
      ])
    }
    const short = store.namespace('short', common)
    await short.setMany([['a', 1, none]])
    expect(await short.getEntry('a')).toMatchObject({ tags: ['all'], expireTime: expect.any(Number) })
  })
}

function refusesAndFails({ name, test }: AsyncStoreSuite): void {
  test(`${name}: a namespace refuses what is no options, and leaves its entries`, async ({ store }) => {
    for (const one of [store.namespace('a'), store.namespace('b', { ttl: 1_000_000, tag: 'ns' })]) {
      await one.set('k', 1)
      for (const wrong of [5, null, 'prefix'] as never[]) {
        const calls = [
          () => one.clear(wrong),
          () => one.count(wrong),
          () => one.evict('ns', wrong),
          () => one.set('k', 2, wrong),
          () => one.setMany([['k', 2]], wrong),
          () => one.setMany([['k', 2, wrong]]),
          () => one.add('k2', 2, wrong),
          () => one.incr('k', 1, wrong),
          () => one.set('k', 2, { ttl: wrong === 5 ? null : wrong } as never),
          () => one.update('k2', () => ({ set: 2, ttl: null }) as never),
          () => Array.fromAsync(one.keys(wrong)),
          () => Array.fromAsync(one.entries(wrong)),
        ]
        for (const call of calls)
          await expect(Promise.resolve().then<unknown>(call), String(call)).rejects.toThrow(TypeError)
      }
      expect([await one.get('k'), await one.count()]).toEqual([1, 1])
    }
  })

  test(`${name}: incr() of a namespace names the key as it has it`, async ({ store }) => {
    const users = store.namespace<string, unknown>('users')
    await Promise.all([users.set('text', 'x'), users.set('most', Number.MAX_SAFE_INTEGER)])
    for (const [key, type] of [['text', TypeError] as const, ['most', RangeError] as const]) {
      const named = { key, message: expect.stringContaining(`Cannot change '${key}' by 1`) }
      const error = await users.incr(key as never).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(type)
      expect(error).toMatchObject(named)
    }
  })

  test(`${name}: close() of a namespace ends that object alone`, async ({ store }) => {
    const [one, two] = [store.namespace('a'), store.namespace('a')]
    const stored = one.set('k', 1)
    await one.close()
    expect(await stored).toBe(true)
    await expect(one.get('k')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    expect([await two.get('k'), await store.count()]).toEqual([1, 1])
  })

  test(`${name}: what is no name, and no option, is refused`, async ({ store }) => {
    for (const wrong of ['', 7, undefined]) expect(() => store.namespace(wrong as never)).toThrow(/name/)
    for (const wrong of [{ ttl: -1 }, { tag: null }, { size: 1 }, null])
      expect(() => store.namespace('a', wrong as never)).toThrow(/Cannot use/)
    await expect(store.namespace('a').set(() => {}, 1)).rejects.toThrow(TypeError)
  })
}
