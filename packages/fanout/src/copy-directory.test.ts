import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyDirectory } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const LARGE = 'x'.repeat(50_000)

test('copyDirectory() copies all shards of a FanoutCache, their number, and its named stores', async ({
  directory,
}) => {
  const source = join(directory, 'source')
  const target = join(directory, 'copy')
  using cache = new FanoutCache(source, { shards: 3 })
  for (let n = 0; n < 100; n++) cache.set(n, n % 10 === 0 ? `${n}${LARGE}` : n)
  using named = cache.cache('one/two')
  named.set('key', LARGE)
  using other = cache.cache('one')
  other.set('key', 'other')
  const copied = await copyDirectory(source, target)
  const stores = ['000', '001', '002', 'cache/one', 'cache/one/two'].map((store) => join(store))
  expect(copied.map(({ store }) => store)).toEqual(stores)
  expect(copied.flatMap(({ problems }) => problems)).toEqual([])
  expect(copied.reduce((sum, { entries }) => sum + entries, 0)).toBe(102)
  await copyDirectory(source, target, { replace: true })
  expect(readFileSync(join(target, 'cache.db-shards'), 'utf8')).toBe('3\n')
  expect(readdirSync(target).sort()).toEqual(['000', '001', '002', 'cache', 'cache.db-shards'])
  using copy = new FanoutCache(target)
  expect(copy.get(90)).toBe(`90${LARGE}`)
  expect(copy.size).toBe(100)
  expect(copy.check()).toEqual([])
  using named2 = copy.cache('one/two')
  expect(named2.get('key')).toBe(LARGE)
})

test('copyDirectory() copies nothing where a shard is missing or empty', async ({ directory }) => {
  const source = join(directory, 'source')
  const target = join(directory, 'copy')
  new FanoutCache(source, { shards: 3 }).close()
  await copyDirectory(source, target)
  const refuses = async (shard: string) => {
    await expect(copyDirectory(source, target, { replace: true })).rejects.toThrow(
      new RegExp(`of its 3 shards, ${shard} is not there`),
    )
    expect(readdirSync(directory).sort()).toEqual(['copy', 'source'])
    using copy = new FanoutCache(target, { readonly: true })
    expect(copy.check()).toEqual([])
  }
  writeFileSync(join(source, '001', 'cache.db'), '')
  await refuses('001')
  // Without the number, as Python leaves a directory.
  rmSync(join(source, 'cache.db-shards'))
  rmSync(join(source, '000'), { recursive: true })
  await refuses('000')
})

test('copyDirectory() copies nothing where the last shard is missing', async ({ directory }) => {
  const source = join(directory, 'source')
  new FanoutCache(source, { shards: 2 }).close()
  rmSync(join(source, '001'), { recursive: true })
  await expect(copyDirectory(source, join(directory, 'copy'))).rejects.toThrow(/2 shards, 001 is not there/)
  expect(readdirSync(directory)).toEqual(['source'])
})
