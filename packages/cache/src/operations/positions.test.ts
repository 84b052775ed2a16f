import { describe, expect } from 'vitest'
import { cacheTest, LARGE, loseFiles } from '../../tests/cache-test.ts'

const test = cacheTest()

describe('keyAt() and entryAt()', () => {
  test('count from both ends in sorted order', async ({ store }) => {
    const keys = [5, 'b', -1, 'a', Buffer.from('x'), 2.5, 'ab']
    store.setMany(keys.map((key) => [key, String(key)]))
    const sorted = [...store.keys({ order: 'sorted' })]
    for (let position = -keys.length - 1; position <= keys.length; position++) {
      expect(store.keyAt(position)).toEqual(sorted.at(position))
      expect(await store.promises.keyAt(position)).toEqual(sorted.at(position))
    }
    expect(store.entryAt(1)).toEqual({ key: 2.5, value: '2.5', expireTime: null, tags: [] })
    expect(await store.promises.entryAt(-1)).toMatchObject({ value: 'x' })
    expect([store.entryAt(7), await store.promises.entryAt(-8)]).toEqual([undefined, undefined])
  })

  test('are nothing in an empty cache', ({ store }) => {
    expect([store.keyAt(0), store.keyAt(-1), store.entryAt(0)]).toEqual([undefined, undefined, undefined])
  })

  test('read large values from their files', async ({ store }) => {
    store.set('a', LARGE)
    expect(store.entryAt(0)?.value).toBe(LARGE)
    expect((await store.promises.entryAt(0))?.value).toBe(LARGE)
  })

  test('pass over an entry whose file is lost', async ({ store }) => {
    store.setMany([
      ['a', LARGE],
      ['b', 2],
    ])
    loseFiles(store)
    expect(store.entryAt(0)).toMatchObject({ key: 'b', value: 2 })
    expect(await store.promises.entryAt(0)).toMatchObject({ key: 'b', value: 2 })
  })

  test('give nothing for an expired entry', ({ store, clock }) => {
    store.set('a', 1, { ttl: 10 })
    clock.advance(10)
    expect([store.keyAt(0), store.entryAt(0)]).toEqual(['a', undefined])
  })

  test('refuse what is no position', async ({ store }) => {
    expect(() => store.keyAt(1.5)).toThrow(RangeError)
    expect(() => store.entryAt('1' as never)).toThrow(TypeError)
    await expect(store.promises.keyAt(Number.NaN)).rejects.toThrow(RangeError)
  })
})
