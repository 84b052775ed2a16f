import type { Tag } from '@diskcache/core'
import { expect } from 'vitest'
import { SIMILAR_TAGS, TOO_MANY_TAGS } from '../../tagged-keys.ts'
import type { AsyncStoreSuite } from '../async-store-suite.ts'

/** Tests that an entry has several tags, is found by each of them, and keeps them as it keeps one. */
export function hasSeveralTags({ name, test }: AsyncStoreSuite): void {
  test(`${name} finds entries by any of several tags`, async ({ store }) => {
    for (const [i, tag] of SIMILAR_TAGS.entries())
      await store.set(i, i, { tag: [SIMILAR_TAGS[0] as Tag, tag, tag, 'last'] })
    await store.set('one', 1, { tag: 'a' })
    expect((await store.getEntry(1))?.tags).toEqual(['a', 'aa', 'last'])
    for (const [i, tag] of SIMILAR_TAGS.slice(1).entries())
      expect(await Array.fromAsync(store.keys({ tag }))).toEqual([i + 1])
    expect((await Array.fromAsync(store.keys({ tag: 'a' }))).length).toBe(SIMILAR_TAGS.length + 1)
    expect(await Array.fromAsync(store.keys({ untagged: true }))).toEqual([])
    for (const [i, tag] of SIMILAR_TAGS.slice(1).entries())
      expect([await store.evict(tag), await store.has(i + 1)]).toEqual([1, false])
    expect([await store.evict('last'), await store.evict('a')]).toEqual([1, 1])
  })

  test(`${name} evicts entries by several tags at once`, async ({ store }) => {
    await store.setMany([
      ['a', 1, { tag: ['x', 'y'] }],
      ['b', 2, { tag: ['y', 'z'] }],
      ['c', 3, { tag: ['z'] }],
      ['d', 4],
    ])
    expect([await store.evict([]), await store.evict(['x', 'y', 'x', 'none'])]).toEqual([0, 2])
    expect((await Array.fromAsync(store.keys())).toSorted()).toEqual(['c', 'd'])
  })

  test(`${name} keeps several tags while a value changes, and replaces them all`, async ({ store }) => {
    const tags = async () => (await store.getEntry('k'))?.tags
    await store.set('k', 1, { tag: ['x', 'y'] })
    await store.incr('k')
    await store.touch('k', { ttl: 60_000 })
    await store.update('k', () => ({ set: 7 }))
    expect(await tags()).toEqual(['x', 'y'])
    expect((await store.update('k', () => ({ set: 8, tag: ['z', 'x'] })))?.tags).toEqual(['z', 'x'])
    expect([await store.evict('y'), await tags()]).toEqual([0, ['z', 'x']])
    await store.set('k', 9, { tag: 'z' })
    expect([await store.evict('x'), await tags()]).toEqual([0, ['z']])
    await store.set('k', 'x'.repeat(50_000), { tag: ['p', 'q'] })
    await store.set('k', 10)
    expect([await store.evict(['p', 'q', 'z']), await tags()]).toEqual([0, []])
  })

  test(`${name} refuses more tags than an entry can have`, async ({ store }) => {
    await expect(store.set('k', 1, { tag: TOO_MANY_TAGS })).rejects.toThrow(/at most 128 tags, got 129/)
    expect(await store.set('k', 1, { tag: [...TOO_MANY_TAGS.slice(1), 1] })).toBe(true)
    expect([await store.evict(128), await store.has('k')]).toEqual([1, false])
  })
}
