import type { CacheOptions } from '@diskcache/cache'
import type { Comparison } from '../measuring/comparison.ts'
import { atMost } from '../measuring/goal.ts'
import { GET, onBare, onCache, onCacheWith, SELECT } from './sides.ts'

const MANY = 100

/** Reads that are noted, beside reads that are not. */
function recorded(name: string, options: CacheOptions): Comparison {
  const subject = onCacheWith(options)(`get, ${name}`, (cache, { keys }) => cache.get(keys.next()))
  return { subject, yardstick: GET }
}

/** Single reads, beside the least that SQLite can do. */
export const READS: readonly Comparison[] = [
  { subject: GET, yardstick: SELECT, goal: atMost(1.25) },
  {
    subject: onCache(`getMany(${MANY}), per key`, (cache, { keys }) => cache.getMany(keys.take(MANY))),
    yardstick: onBare('SELECT in a read transaction', (bare, { keys }) => bare.selectAll(keys.take(MANY))),
    goal: atMost(1.25),
    calls: 20,
    operationsPerCall: MANY,
  },
  {
    subject: onCache('add, key present', (cache, { keys }) => cache.add(keys.next(), 'x')),
    yardstick: SELECT,
  },
  recorded('least-recently-used', { evictionPolicy: 'least-recently-used' }),
  recorded('least-frequently-used', { evictionPolicy: 'least-frequently-used' }),
  recorded('statistics', { statistics: true }),
]
