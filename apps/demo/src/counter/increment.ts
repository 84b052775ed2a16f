import type { Cache } from '@diskcache/cache'

const COUNTER = 'counter'

/** Two ways to count. The first is wrong when several processes do it: between its two steps another may write. */
export const increments = {
  'get, then set': (cache: Cache<string, number>) => {
    const count = cache.get(COUNTER) ?? 0
    cache.set(COUNTER, count + 1)
  },
  'the same inside transact': (cache: Cache<string, number>) => {
    cache.transact(() => increments['get, then set'](cache))
  },
}

export type Method = keyof typeof increments

export function readCounter(cache: Cache<string, number>): number {
  return cache.get(COUNTER) ?? 0
}
