import { Readable } from 'node:stream'
import { asyncStoreContract, type OpenOptions } from '@diskcache/testkit'
import { inAsyncNamespace, Memory, MemoryStore } from '@diskcache/testkit/memory'
import { recipesContract } from '@diskcache/testkit/recipes'
import { expect, test } from 'vitest'
import * as recipes from './index.ts'

const memories = new Map<string, Memory>()

/** Stores of one name share their memory. */
function open(watch: boolean) {
  return (name: string, options: OpenOptions) => {
    const memory = memories.get(name) ?? new Memory()
    memories.set(name, memory)
    return new MemoryStore({ ...options, memory, watch })
  }
}

asyncStoreContract('MemoryStore', open(true), new MemoryStore().capabilities)
asyncStoreContract('MemoryStore.namespace()', inAsyncNamespace(open(true)), new MemoryStore().capabilities)
test('MemoryStore keeps the bytes of a stream, and metadata beside them', async () => {
  await using store = new MemoryStore({ sizeLimit: 1_000 })
  const metadata = { type: 'text/html', date: new Date(7) }
  const page = () => Readable.from(['<p>', 'Hello', '</p>'])
  expect(await store.write('key', page(), { metadata, tag: 'page' })).toBe(true)
  const entry = { expireTime: null, tags: ['page'], metadata }
  expect(await store.getEntry('key')).toEqual({ value: Buffer.from('<p>Hello</p>'), ...entry })
  const { stream, ...rest } = (await store.readEntry('key', { start: 3, end: 8 }))!
  expect(rest).toEqual({ size: 12, ...entry })
  expect(String(Buffer.concat(await stream.toArray()))).toBe('Hello')
  await store.set('key', 'new')
  expect(await store.getEntry('key')).not.toHaveProperty('metadata')
  expect(await store.readEntry('missing')).toBeUndefined()
  const long = { metadata: 'x'.repeat(65_537) }
  await expect(store.write('key', page(), long)).rejects.toThrow(RangeError)
  await expect(store.set('key', 1, { metadata } as never)).rejects.toThrow(TypeError)
  expect(await store.write('key', Readable.from([Buffer.alloc(2_000)]))).toBe(false)
  expect(await store.has('key')).toBe(false)
})

recipesContract('MemoryStore', open(true), recipes)
if (process.env.DISKCACHE_ALL_PLATFORMS) recipesContract('MemoryStore without watch', open(false), recipes)
