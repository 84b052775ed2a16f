import type { IterateOptions } from '@diskcache/core'
import { expect } from 'vitest'
import { NO_TAGS, TAGGED_KEYS } from '../../tagged-keys.ts'
import type { StoreSuite } from '../store-suite.ts'

/** Tests that `keys`, `values` and `entries` pass through those with a tag or without one, and `evict` removes them. */
export function selectsByTag({ name, test }: StoreSuite): void {
  test(`${name} iterates over entries by tag`, ({ store }) => {
    for (const [key, tag] of TAGGED_KEYS) store.set(key, `${key}!`, { tag })
    const listed = (options: IterateOptions) => [...store.keys({ order: 'sorted', ...options })]
    expect(listed({ tag: 'text' })).toEqual(['d', 'da'])
    expect(listed({ tag: 'text', reverse: true })).toEqual(['da', 'd'])
    expect(listed({ tag: 'text', prefix: 'da' })).toEqual(['da'])
    expect([...store.keys({ tag: 'text', prefix: 'da' })]).toEqual(['da'])
    expect([...store.keys({ tag: 'text', reverse: true })]).toEqual([
      ...[...store.keys({ tag: 'text' })].reverse(),
    ])
    expect([listed({ tag: 1 }), listed({ tag: Buffer.from('text') }), listed({ tag: 'none' })]).toEqual([
      ['a'],
      ['b'],
      [],
    ])
    expect(listed({ untagged: true })).toEqual(['c', 'e'])
    expect([...store.values({ tag: 1 }), ...store.entries({ tag: 1 })]).toEqual(['a!', ['a', 'a!']])
  })

  test(`${name} evicts entries by tag, and those without one`, ({ store }) => {
    for (const [key, tag] of TAGGED_KEYS) store.set(key, key, { tag })
    expect([store.evict({ untagged: true }), store.evict(1), store.evict('none')]).toEqual([2, 1, 0])
    expect([...store.keys({ order: 'sorted' })]).toEqual(['b', 'd', 'da'])
  })

  test(`${name} refuses what is no tag, and removes nothing`, ({ store }) => {
    store.set('key', 1)
    for (const choice of NO_TAGS) {
      expect(() => store.evict(choice as never)).toThrow(TypeError)
      if (choice !== undefined) expect(() => store.keys({ tag: choice as never })).toThrow(TypeError)
    }
    expect(() => store.keys({ tag: 'a', untagged: true })).toThrow(TypeError)
    expect(store.has('key')).toBe(true)
  })
}
