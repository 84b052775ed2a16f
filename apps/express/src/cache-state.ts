import type { CacheResponses, StoredResponse } from '@diskcache/adapters/express'
import type { Cache } from '@diskcache/cache'

/** The stored responses of one URL: its variants. */
export interface CachedUrl {
  readonly url: string
  readonly variants: number
  readonly tags: readonly string[]
  /** Bytes of the bodies. */
  readonly size: number
  /** How often this process has answered with them. */
  readonly hits: number
  /** When the oldest was stored, and how long the first of them stays fresh; epoch milliseconds. */
  readonly storedAt: number
  readonly freshUntil: number
}

export interface CachedTag {
  readonly tag: string
  readonly responses: number
  /** Bytes of the bodies. */
  readonly size: number
}

/** What the page about the cache shows. */
export interface CacheState {
  /** By URL. */
  readonly urls: readonly CachedUrl[]
  /** By name. */
  readonly tags: readonly CachedTag[]
  readonly responses: number
  /** What the directory takes, and may take; bytes. */
  readonly volume: number
  readonly sizeLimit: number
  /** When this was so, epoch milliseconds. */
  readonly time: number
}

/** Reads what is stored now, by whichever process. */
export async function cacheState(responses: CacheResponses, cache: Cache): Promise<CacheState> {
  const stored = await Array.fromAsync(responses.list())
  const byUrl = Map.groupBy(stored, ({ url }) => url)
  const byTag = Map.groupBy(
    stored.flatMap((response) => response.tags.map((tag) => ({ tag, response }))),
    ({ tag }) => tag,
  )
  return {
    urls: [...byUrl].map(([url, variants]) => urlOf(url, variants)).sort((a, b) => compare(a.url, b.url)),
    tags: [...byTag]
      .map(([tag, found]) =>
        tagOf(
          tag,
          found.map(({ response }) => response),
        ),
      )
      .sort((a, b) => compare(a.tag, b.tag)),
    responses: stored.length,
    volume: await cache.promises.volume(),
    sizeLimit: cache.settings.sizeLimit,
    time: Date.now(),
  }
}

function urlOf(url: string, variants: readonly StoredResponse[]): CachedUrl {
  return {
    url,
    variants: variants.length,
    tags: [...new Set(variants.flatMap(({ tags }) => tags))].sort(),
    size: sum(variants.map(({ size }) => size)),
    hits: sum(variants.map(({ hits }) => hits)),
    storedAt: Math.min(...variants.map(({ storedAt }) => storedAt)),
    freshUntil: Math.min(...variants.map(({ freshUntil }) => freshUntil)),
  }
}

function tagOf(tag: string, responses: readonly StoredResponse[]): CachedTag {
  return { tag, responses: responses.length, size: sum(responses.map(({ size }) => size)) }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
