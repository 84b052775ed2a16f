import type { Key, Store } from '@diskcache/core'
import { expect } from 'vitest'
import { KEYS, NAMES } from '../namespaces/keys-and-names.ts'
import type { StoreSuite } from './store-suite.ts'

/** Tests that namespaces are stores of their own, within the whole. */
export function hasNamespaces(suite: StoreSuite): void {
  keepsThemApart(suite)
  keepsToTheirOptions(suite)
}

function keepsThemApart({ name, test }: StoreSuite): void {
  test(`${name}: namespaces keep keys of all kinds apart, and give them back`, ({ store }) => {
    store.set('a', 'whole')
    const namespaces = NAMES.map((one) => store.namespace<Key, string>(one))
    for (const [i, namespace] of namespaces.entries())
      namespace.setMany(KEYS.map((key, j) => [key, `${i}.${j}`]))
    for (const [i, namespace] of namespaces.entries()) {
      expect(namespace.getMany(KEYS)).toEqual(KEYS.map((_, j) => `${i}.${j}`))
      expect(new Set(namespace.keys())).toEqual(new Set(KEYS))
      expect(namespace.size).toBe(KEYS.length)
    }
    expect(store.size).toBe(1 + NAMES.length * KEYS.length)
    expect(namespaces[0]?.clear()).toBe(KEYS.length)
    expect(store.size).toBe(1 + (NAMES.length - 1) * KEYS.length)
    expect(store.get('a')).toBe('whole')
  })

  test(`${name}: a namespace stands in the whole under its name, and within another one under both`, ({
    store,
  }) => {
    const inner = store.namespace('a').namespace('b')
    inner.set('c', 1)
    inner.set(7, 2)
    expect([...store.keys()].toSorted()).toEqual(['a:b:#i7', 'a:b:c'])
    expect([store.namespace('a').get('b:c'), store.namespace('a:b').get('c')]).toEqual([1, undefined])
    expect([...inner.keys()].length).toBe(2)
    expect([store.namespace('a').clear(), inner.size]).toEqual([2, 0])
  })

  test(`${name}: a namespace lists, counts and removes only its own`, ({ store }) => {
    const users = store.namespace('users')
    for (const one of [store, users, store.namespace('users2')]) {
      one.setMany(
        [
          ['aa', 1],
          ['ab', 2],
          ['#a', 3],
        ],
        { tag: 'x' },
      )
      one.set('b', 4)
    }
    expect([...users.keys({ prefix: 'a' })].toSorted()).toEqual(['aa', 'ab'])
    expect([...users.entries({ prefix: '#' })]).toEqual([['#a', 3]])
    expect([...users.values({ tag: 'x', prefix: 'ab' })]).toEqual([2])
    expect([...users.keys({ tag: 'x' })].toSorted()).toEqual(['#a', 'aa', 'ab'])
    expect([...users.keys({ untagged: true })]).toEqual(['b'])
    expect([users.count({ prefix: 'a' }), users.count({ prefix: '#' }), users.count()]).toEqual([2, 1, 4])
    expect([users.evict('x', { prefix: 'ab' }), users.evict('x'), users.size]).toEqual([1, 2, 1])
    expect([users.evict({ untagged: true }), users.size, store.size]).toEqual([1, 0, 8])
    expect([store.evict('x'), store.clear()]).toEqual([6, 2])
  })
}

function keepsToTheirOptions({ name, test }: StoreSuite): void {
  test(`${name}: what a namespace adds to writes`, ({ store, clock }) => {
    const short = store.namespace('short', { ttl: 1_000, tag: 'ns' })
    const inner = short.namespace('inner', { ttl: 2_000 })
    const at = (ttl: number) => ({ expireTime: clock.time + ttl, tags: ['ns'] })
    short.set('a', 1)
    short.set('b', 1, { ttl: 5_000, tag: 'ns' })
    short.setMany([
      ['c', 1],
      ['d', 1, { ttl: 3_000 }],
    ])
    short.update('e', () => ({ set: 1 }))
    short.incr('f')
    inner.add('g', 1)
    for (const [key, ttl] of [
      ['a', 1_000],
      ['b', 5_000],
      ['c', 1_000],
      ['d', 3_000],
      ['e', 1_000],
      ['f', 1_000],
    ] as const)
      expect(short.getEntry(key), key).toMatchObject(at(ttl))
    expect(inner.getEntry('g')).toMatchObject(at(2_000))
    clock.advance(500)
    short.update('a', () => ({ set: 2 }))
    expect(short.getEntry('a')).toMatchObject(at(500))
    short.set('a', 3, { ttl: Infinity })
    expect(short.getEntry('a')?.expireTime).toBeNull()
    expect(store.evict('ns')).toBe(7)
  })

  test(`${name}: close() of a namespace ends that object alone`, ({ store }) => {
    const [one, two] = [store.namespace('a'), store.namespace('a')]
    one.set('k', 1)
    const keys = one.keys()
    one.close()
    const closed = expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' })
    for (const act of [() => one.get('k'), () => one.namespace('b'), () => keys.next()])
      expect(act).toThrow(closed)
    expect([two.get('k'), store.size]).toEqual([1, 1])
  })

  test(`${name}: memoize() of a namespace keeps results there`, ({ store }) => {
    const [a, b] = [store.namespace('a'), store.namespace('b')]
    let calls = 0
    const [one, two] = [a, b].map((each) => each.memoize(() => ++calls, { name: 'calls' }))
    expect([one?.(), two?.(), one?.(), a.clear(), two?.(), one?.()]).toEqual([1, 2, 1, 1, 2, 3])
  })

  test(`${name}: what is no name, and no option, is refused`, ({ store }) => {
    for (const wrong of ['', 7, undefined]) expect(() => store.namespace(wrong as never)).toThrow(/name/)
    for (const wrong of [{ ttl: -1 }, { tag: null }, { size: 1 }, null])
      expect(() => store.namespace('a', wrong as never)).toThrow(/Cannot use/)
    const key = () => {}
    expect(() => store.namespace('a').set(key, 1)).toThrow(TypeError)
    expect(() => store.namespace('a').keys({ prefix: 7 as never })).toThrow(TypeError)
    expect(() => store.count({ prefix: 7 as never })).toThrow(TypeError)
    expect(() => store.evict('a', { prefix: 7 as never })).toThrow(TypeError)
  })

  test(`${name}: transact() of a namespace is one of the whole, on both faces`, async ({ store }) => {
    const users = (store as Store).namespace('users')
    const failing = () =>
      users.transact(() => {
        users.set('a', 1)
        store.set('b', 1)
        throw new Error('undone')
      })
    expect(failing).toThrow('undone')
    expect(store.size).toBe(0)
    await users.promises.set('a', 1)
    expect(users.get('a')).toBe(1)
  })
}
