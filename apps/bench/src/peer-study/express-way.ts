/** How a route answers: by its handler each time, from a cache, or with nothing but the bytes. */
export const WAYS = ['bare', 'diskcache', 'apicache', 'uncached'] as const

export type Way = (typeof WAYS)[number]

export const WAY_TEXTS: Record<Way, string> = {
  bare: 'bare `http`, `res.end`',
  diskcache: 'diskcache `cacheResponses`',
  apicache: 'apicache, in memory',
  uncached: 'no cache',
}
