import type { Tag } from '@diskcache/core'
import { expect } from 'vitest'
import { SIMILAR_TAGS, TOO_MANY_TAGS } from '../../tagged-keys.ts'
import type { StoreSuite } from '../store-suite.ts'

/** Tests that an entry has several tags, is found by each of them, and keeps them as it keeps one. */
export function hasSeveralTags({ name, test }: StoreSuite): void {
  test(`${name} finds entries by any of several tags`, ({ store }) => {
    for (const [i, tag] of SIMILAR_TAGS.entries())
      store.set(i, i, { tag: [SIMILAR_TAGS[0] as Tag, tag, tag, 'last'] })
    store.set('one', 1, { tag: 'a' })
    expect(store.getEntry(1)?.tags).toEqual(['a', 'aa', 'last'])
    for (const [i, tag] of SIMILAR_TAGS.slice(1).entries()) expect([...store.keys({ tag })]).toEqual([i + 1])
    expect([...store.keys({ tag: 'a' })].length).toBe(SIMILAR_TAGS.length + 1)
    expect([...store.keys({ untagged: true })]).toEqual([])
    for (const [i, tag] of SIMILAR_TAGS.slice(1).entries())
      expect([store.evict(tag), store.has(i + 1)]).toEqual([1, false])
    expect([store.evict('last'), store.evict('a')]).toEqual([1, 1])
  })

  test(`${name} evicts entries by several tags at once`, ({ store }) => {
    store.setMany([
      ['a', 1, { tag: ['x', 'y'] }],
      ['b', 2, { tag: ['y', 'z'] }],
      ['c', 3, { tag: ['z'] }],
      ['d', 4],
    ])
    expect([store.evict([]), store.evict(['x', 'y', 'x', 'none'])]).toEqual([0, 2])
    expect([...store.keys()].toSorted()).toEqual(['c', 'd'])
  })

  test(`${name} keeps several tags while a value changes, and replaces them all`, ({ store }) => {
    const tags = () => store.getEntry('k')?.tags
    store.set('k', 1, { tag: ['x', 'y'] })
    store.incr('k')
    store.touch('k', { ttl: 60_000 })
    store.update('k', () => ({ set: 7 }))
    expect(tags()).toEqual(['x', 'y'])
    expect(store.update('k', () => ({ set: 8, tag: ['z', 'x'] }))?.tags).toEqual(['z', 'x'])
    expect([store.evict('y'), tags()]).toEqual([0, ['z', 'x']])
    store.set('k', 9, { tag: 'z' })
    expect([store.evict('x'), tags()]).toEqual([0, ['z']])
    store.set('k', 'x'.repeat(50_000), { tag: ['p', 'q'] })
    store.set('k', 10)
    expect([store.evict(['p', 'q', 'z']), tags()]).toEqual([0, []])
  })

  test(`${name} refuses more tags than an entry can have`, ({ store }) => {
    expect(() => store.set('k', 1, { tag: TOO_MANY_TAGS })).toThrow(/at most 128 tags, got 129/)
    expect(store.set('k', 1, { tag: [...TOO_MANY_TAGS.slice(1), 1] })).toBe(true)
    expect([store.evict(128), store.has('k')]).toEqual([1, false])
  })
}
