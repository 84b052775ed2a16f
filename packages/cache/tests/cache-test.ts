import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { storeTest } from '@diskcache/testkit'
import { Cache } from '../src/cache.ts'
import type { CacheOptions } from '../src/context/cache-options.ts'

/** A `test` with a fresh cache, whose clock stands still. */
export function cacheTest(options: CacheOptions = {}) {
  return storeTest((directory, { clock }) => new Cache(directory, { ...options, clock }))
}

/** So long that it becomes a file. */
export const LARGE = 'x'.repeat(40_000)

/** The value files of a cache, relative to its directory. */
export function valueFiles(store: Cache): string[] {
  return readdirSync(store.directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.val'),
  )
}

/** Removes all value files, with their directories, behind the cache's back. */
export function loseFiles(store: Cache): void {
  for (const name of valueFiles(store))
    rmSync(join(store.directory, name.slice(0, 2)), { recursive: true, force: true })
}
