import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { Cache } from '../cache.ts'

test('AsyncCache.changeCount() grows with what this cache and others do, and with nothing else', async ({
  directory,
}) => {
  using cache = new Cache(directory)
  using other = new Cache(directory)
  const { promises } = cache
  const changes: Record<string, () => unknown> = {
    'a set': () => cache.set('a', 1),
    'a set by promise': () => promises.set('a', 2),
    'a set by another': () => other.set('a', 3),
    'a transaction of another': () => other.transact(() => other.delete('a')),
    'an eviction by tag of another': () => other.set('b', 1, { tag: 't' }) && other.evict('t'),
  }
  for (const [name, change] of Object.entries(changes)) {
    const before = promises.changeCount() as number
    await promises.get('a')
    expect(promises.changeCount(), name).toBe(before)
    await change()
    expect(promises.changeCount(), name).toBeGreaterThan(before)
  }
})

test('AsyncCache.changeCount() cannot tell of what is only read', async ({ directory }) => {
  using cache = new Cache(directory)
  cache.set('a', 1)
  using copy = new Cache(directory, { readonly: true })
  expect(copy.promises.changeCount()).toBeUndefined()
})
