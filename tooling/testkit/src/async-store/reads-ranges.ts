import { Readable } from 'node:stream'
import { expect } from 'vitest'
import { ILLEGAL_RANGES, rangesOf, VALUES_OF_BYTES } from '../streams/byte-ranges.ts'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that `read()` gives exactly the part of a value that `start` and `end` name. */
export function readsRanges({ name, test, capabilities }: AsyncStoreSuite): void {
  const streamTest = test.runIf(capabilities.streams)

  streamTest.for(VALUES_OF_BYTES)(`${name}: read() gives any range of %s`, async ([, value], { store }) => {
    const bytes = Buffer.from(value)
    expect(await store.set('set', value)).toBe(true)
    expect(await store.write('written', Readable.from([bytes]))).toBe(true)
    for (const key of ['set', 'written'])
      for (const range of rangesOf(bytes.length)) {
        const part = await bytesOf(store.read(key, range))
        expect(part?.equals(bytes.subarray(range.start, range.end)), JSON.stringify(range)).toBe(true)
      }
  })

  streamTest(`${name}: read() of a range misses as without one`, async ({ store }) => {
    await store.set('object', { a: 1 })
    for (const range of [{}, { start: 5 }, { end: 0 }]) {
      expect(await store.read('missing', range)).toBeUndefined()
      await expect(store.read('object', range)).rejects.toThrow(TypeError)
    }
  })

  streamTest(`${name}: read() of a range goes on when the value is replaced`, async ({ store }) => {
    const value = Buffer.alloc(700_000, 'old')
    await store.set('key', value)
    const stream = store.read('key', { start: 1, end: 650_000 })
    await Promise.all([stream, store.set('key', Buffer.alloc(700_000, 'new'))])
    expect((await bytesOf(stream))?.equals(value.subarray(1, 650_000))).toBe(true)
  })

  streamTest(`${name}: read() refuses what is no range, whatever there is`, async ({ store }) => {
    await store.set('key', 'text')
    for (const key of ['key', 'missing'])
      for (const [options, error] of ILLEGAL_RANGES)
        await expect(store.read(key, options), JSON.stringify(options)).rejects.toThrow(error)
  })
}

async function bytesOf(opened: Promise<Readable | undefined>): Promise<Buffer | undefined> {
  const stream = await opened
  return stream && Buffer.concat(await stream.toArray())
}
