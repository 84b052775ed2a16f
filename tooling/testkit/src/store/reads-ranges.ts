import { expect } from 'vitest'
import { ILLEGAL_RANGES, rangesOf, VALUES_OF_BYTES } from '../streams/byte-ranges.ts'
import type { StoreSuite } from './store-suite.ts'

/** Tests that `read()` gives exactly the part of a value that `start` and `end` name. */
export function readsRanges({ name, test }: StoreSuite): void {
  test.for(VALUES_OF_BYTES)(`${name}: read() gives any range of %s`, async ([, value], { store }) => {
    const bytes = Buffer.from(value)
    store.set('key', value)
    for (const range of rangesOf(bytes.length)) {
      const part = Buffer.concat(await store.read('key', range)!.toArray())
      expect(part.equals(bytes.subarray(range.start, range.end)), JSON.stringify(range)).toBe(true)
    }
  })

  test(`${name}: read() refuses what is no range, whatever there is`, ({ store }) => {
    store.set('key', 'text')
    for (const key of ['key', 'missing'])
      for (const [options, error] of ILLEGAL_RANGES)
        expect(() => store.read(key, options), JSON.stringify(options)).toThrow(error)
  })
}
