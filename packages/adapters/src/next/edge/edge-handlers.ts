import type { CacheEntry, FoundValue } from '../next-types.ts'

/**
 * What stands for {@link createCacheHandler} on the edge runtime, into which Next builds the handlers of `next.config`: it has
 * no disk, and so nothing is kept.
 */
export function createCacheHandler(): new () => NoResponses {
  return NoResponses
}

/** What stands for {@link createUseCacheHandler} on the edge runtime. */
export function createUseCacheHandler(): NoFunctions {
  return new NoFunctions()
}

class NoResponses {
  async get(): Promise<FoundValue | null> {
    return null
  }

  async set(): Promise<void> {}

  async revalidateTag(): Promise<void> {}

  resetRequestCache(): void {}
}

class NoFunctions {
  async get(): Promise<CacheEntry | undefined> {
    return undefined
  }

  async set(): Promise<void> {}

  async refreshTags(): Promise<void> {}

  async getExpiration(): Promise<number> {
    return Infinity
  }

  async updateTags(): Promise<void> {}
}
