import { compareKeys, Disk, type Key } from '@diskcache/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cache } from '../cache.ts'

const key: fc.Arbitrary<Key> = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: 'binary' }),
  fc.uint8Array(),
  fc.boolean(),
  fc.array(fc.integer()),
)

test('compareKeys() sorts as SQLite does', () => {
  using cache = new Cache()
  const disk = new Disk()
  fc.assert(
    fc.property(fc.array(key, { maxLength: 20 }), (keys) => {
      cache.clear()
      cache.setMany(keys.map((key) => [key, null]))
      const found = [...cache.keys({ order: 'sorted' })]
      const sorted = found.toSorted((a, b) => compareKeys(disk.encodeKey(a), disk.encodeKey(b)))
      expect(found).toEqual(sorted)
    }),
  )
})
