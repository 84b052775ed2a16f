import type { IterateOptions } from '@diskcache/core'
import { expect } from 'vitest'
import { NO_TAGS, TAGGED_KEYS } from '../../tagged-keys.ts'
import type { AsyncStoreSuite } from '../async-store-suite.ts'

/** Tests that `keys`, `values` and `entries` pass through those with a tag or without one, and `evict` removes them. */
export function selectsByTag({ name, test }: AsyncStoreSuite): void {
  test(`${name} iterates over entries by tag`, async ({ store }) => {
    for (const [key, tag] of TAGGED_KEYS) await store.set(key, `${key}!`, { tag })
    const listed = async (options: IterateOptions) => (await Array.fromAsync(store.keys(options))).toSorted()
    expect(await listed({ tag: 'text' })).toEqual(['d', 'da'])
    expect(await listed({ tag: 'text', prefix: 'da' })).toEqual(['da'])
    expect([await listed({ tag: 1 }), await listed({ tag: Buffer.from('text') })]).toEqual([['a'], ['b']])
    expect([await listed({ tag: 'none' }), await listed({ untagged: true })]).toEqual([[], ['c', 'e']])
    expect(await Array.fromAsync(store.values({ tag: 1 }))).toEqual(['a!'])
    expect(await Array.fromAsync(store.entries({ tag: 1 }))).toEqual([['a', 'a!']])
  })

  test(`${name} evicts entries by tag, and those without one`, async ({ store }) => {
    for (const [key, tag] of TAGGED_KEYS) await store.set(key, key, { tag })
    expect(await store.evict({ untagged: true })).toBe(2)
    expect([await store.evict(1), await store.evict('none')]).toEqual([1, 0])
    expect((await Array.fromAsync(store.keys())).toSorted()).toEqual(['b', 'd', 'da'])
  })

  test(`${name} refuses what is no tag, and removes nothing`, async ({ store }) => {
    await store.set('key', 1)
    for (const choice of NO_TAGS) await expect(store.evict(choice as never)).rejects.toThrow(TypeError)
    const listed = async () => Array.fromAsync(store.keys({ tag: 'a', untagged: true }))
    await expect(listed()).rejects.toThrow(TypeError)
    expect(await store.has('key')).toBe(true)
  })
}
