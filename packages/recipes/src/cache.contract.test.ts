import { Cache, type CacheOptions } from '@diskcache/cache'
import { inAsyncNamespace } from '@diskcache/testkit/memory'
import { recipesContract } from '@diskcache/testkit/recipes'
import * as recipes from './index.ts'

function open(further: CacheOptions = {}) {
  return (directory: string, options: CacheOptions) =>
    new Cache(directory, { ...options, ...further, sizeLimit: 1_000_000 }).promises
}

recipesContract('Cache', open(), recipes)
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  // Never behind, so that nothing tells it from a cache without memory.
  recipesContract('Cache with memory', open({ memory: { maxBytes: 1_000_000, staleness: 0 } }), recipes)
  recipesContract('Cache.promises.namespace()', inAsyncNamespace(open()), recipes)
}
