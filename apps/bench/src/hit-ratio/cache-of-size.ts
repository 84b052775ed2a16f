import type { Cache, CacheOptions } from '@diskcache/cache'
import type { Stage } from '../measuring/stage.ts'

/** What each entry has as its value. */
export const VALUE = Buffer.alloc(1_000, 7)

/** About the bytes that such an entry takes, and a cache whatever is in it. */
const ENTRY_BYTES = 2_200
const FIXED_BYTES = 61_440

/** Nothing is timed here. */
const UNSAFE = { sqlite: { synchronous: 'off' } } as const

/** The number of attempts to find the limit, and the entries up to which it is worth while. */
const MAX_ATTEMPTS = 4
const FEW_ENTRIES = 15_000

/** Makes an empty cache that holds about so many entries of a thousand bytes. */
export function cacheOfSize(
  stage: Stage,
  entries: number,
  evictionPolicy: CacheOptions['evictionPolicy'],
): Cache {
  return stage.emptyCache({ ...UNSAFE, evictionPolicy, sizeLimit: limitFor(stage, entries) })
}

/** Finds the limit by filling caches: in a small one, single pages count. */
function limitFor(stage: Stage, entries: number): number {
  let limit = FIXED_BYTES + entries * ENTRY_BYTES
  for (let attempt = 1; attempt <= MAX_ATTEMPTS && entries < FEW_ENTRIES; attempt++) {
    const cache = stage.emptyCache({ ...UNSAFE, sizeLimit: limit, evictionPolicy: 'least-recently-stored' })
    for (let key = 0; key < entries * 1.3 + 200; key++) cache.set(key, VALUE)
    const excess = entries - cache.size
    cache.clear()
    cache.close()
    if (Math.abs(excess) <= entries / 100) break
    limit += excess * ENTRY_BYTES
  }
  return limit
}
