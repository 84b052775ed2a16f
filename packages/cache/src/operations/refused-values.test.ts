import { Readable } from 'node:stream'
import { describe, expect } from 'vitest'
import { cacheTest, valueFiles } from '../../tests/cache-test.ts'

const SIZE_LIMIT = 200_000
const TOO_LARGE = 'x'.repeat(SIZE_LIMIT + 1)
const FILE = 'y'.repeat(50_000)

describe('a value that is larger than the size limit', () => {
  const test = cacheTest({ sizeLimit: SIZE_LIMIT })

  test.for(['old', FILE])('is refused, and what it was to replace goes', async (old, { store }) => {
    for (const face of [store, store.promises]) {
      store.setMany([
        ['a', old],
        ['b', old],
      ])
      expect(await face.set('a', TOO_LARGE)).toBe(false)
      expect(await face.setMany([['b', TOO_LARGE]])).toEqual([false])
      expect(store.getMany(['a', 'b'])).toEqual([undefined, undefined])
      expect(valueFiles(store)).toEqual([])
    }
    expect(store.check()).toEqual([])
  })

  test('is refused as a stream, too', async ({ store }) => {
    for (const face of [store, store.promises]) {
      store.set('key', 'old')
      expect(await face.write('key', Readable.from([Buffer.from(TOO_LARGE)]))).toBe(false)
      expect(store.has('key')).toBe(false)
      expect(valueFiles(store)).toEqual([])
    }
  })

  test('leaves what it was not to replace', async ({ store }) => {
    store.set('key', 'old')
    expect(store.add('key', TOO_LARGE)).toBe(false)
    expect(() => store.update('key', () => ({ set: TOO_LARGE }))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' }),
    )
    expect(() =>
      store.transact(() => {
        store.set('key', TOO_LARGE)
        throw new Error('undone')
      }),
    ).toThrow('undone')
    expect(store.get('key')).toBe('old')
  })
})

describe('with the policy none', () => {
  const test = cacheTest({ sizeLimit: SIZE_LIMIT, evictionPolicy: 'none' })

  test('a value that is refused leaves the previous one: entries are data', ({ store }) => {
    store.set('key', 'old')
    expect(store.set('key', TOO_LARGE)).toBe(false)
    expect(store.get('key')).toBe('old')
  })
})
