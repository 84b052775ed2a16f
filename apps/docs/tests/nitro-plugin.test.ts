import { Cache } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { createStorage, type Storage } from 'unstorage'
import { afterEach, expect, vi } from 'vitest'

const workingDirectory = process.cwd()

afterEach(() => {
  process.chdir(workingDirectory)
  vi.unstubAllGlobals()
})

/** Nitro itself is not there: these are the calls that its cached functions make. */
async function cachedFunction(storage: Storage, key: string, compute: () => number): Promise<number> {
  const cacheKey = `/cache:nitro:functions:${key}.json`
  const entry = (await storage.getItem<{ value?: number }>(cacheKey)) ?? {}
  if (entry.value === undefined) {
    entry.value = compute()
    await storage.setItem(cacheKey, entry, { ttl: 60 })
  }
  return entry.value
}

test('the plugin for Nitro mounts its driver where cached functions look, and closes it', async ({
  directory,
}) => {
  process.chdir(directory)
  const storage = createStorage()
  const closing: (() => unknown)[] = []
  vi.stubGlobal('useStorage', () => storage)
  vi.stubGlobal('defineNitroPlugin', (plugin: unknown) => plugin)
  const { default: plugin } = await import('./nitro/plugin.ts')
  plugin({ hooks: { hook: (_name, listener) => closing.push(listener) } })

  expect(await cachedFunction(storage, 'square', () => 9)).toBe(9)
  expect(await cachedFunction(storage, 'square', () => 0)).toBe(9)
  expect(await storage.getMeta('cache:nitro:functions:square.json')).toEqual({ ttl: 60 })
  for (const close of closing) await close()

  using cache = new Cache('cache-directory')
  expect([...cache.keys()]).toEqual(['unstorage:app-v1:nitro:functions:square.json'])
})
