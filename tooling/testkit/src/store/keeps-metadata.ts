import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { BODY_LENGTHS, inChunks, METADATA } from '../streams/metadata-cases.ts'
import type { StoreSuite } from './store-suite.ts'

/** Tests that `write()` keeps `metadata` beside the bytes. */
export function keepsMetadata({ name, test }: StoreSuite): void {
  test.for(BODY_LENGTHS)(`${name}: write() keeps metadata beside %i bytes`, async (length, { store }) => {
    const body = Buffer.alloc(length, 'body')
    for (const [what, metadata] of METADATA) {
      expect(await store.write('key', inChunks(body), { metadata, tag: 'page' }), what).toBe(true)
      const expected = { expireTime: null, tags: ['page'], metadata }
      expect(store.getEntry('key'), what).toEqual({ value: body, ...expected })
      const { stream, ...rest } = store.readEntry('key')!
      expect(rest, what).toEqual({ size: length, ...expected })
      expect(Buffer.concat(await stream.toArray()).equals(body), what).toBe(true)
    }
    expect(store.check()).toEqual([])
  })

  test(`${name}: metadata come with an entry, stay with a touch, and go with another value`, async ({
    store,
  }) => {
    const body = Buffer.from('body')
    await store.write('key', inChunks(body), { metadata: { a: 1 } })
    const entry = { value: body, expireTime: null, tags: [], metadata: { a: 1 } }
    expect(store.getEntries(['key', 'missing'])).toEqual([entry, undefined])
    expect(store.update('key', () => ({ keep: true }))).toEqual(entry)
    store.touch('key', { ttl: 60_000 })
    expect(store.getEntry('key')).toMatchObject({ metadata: { a: 1 } })
    store.set('key', body)
    expect(store.getEntry('key')).not.toHaveProperty('metadata')
    expect(store.readEntry('key')).not.toHaveProperty('metadata')
    await store.write('key', inChunks(body), { metadata: { a: 1 } })
    expect(store.popEntry('key')).toEqual(entry)
    expect(() => store.set('key', 1, { metadata: 1 } as never)).toThrow(TypeError)
    const long = { metadata: randomBytes(2 ** 17) }
    await expect(store.write('key', inChunks(body), long)).rejects.toThrow(RangeError)
    expect(store.has('key')).toBe(false)
  })
}
