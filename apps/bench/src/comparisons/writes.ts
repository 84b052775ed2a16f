import type { Comparison } from '../measuring/comparison.ts'
import { atMost } from '../measuring/goal.ts'
import { SMALL } from '../measuring/workload.ts'
import { HOUR, onBare, onCache, SET, UPSERT, upserts } from './sides.ts'

const { keys: KEYS } = SMALL

const setWithTtl = onCache('set with a ttl', (cache, { keys, values }) =>
  cache.set(keys.next(), values.next(), { ttl: HOUR }),
)

const incr = onCache('incr', (cache, { keys }) => cache.incr(`counter:${keys.next()}`))

const touch = onCache('touch', (cache, { keys, values }) =>
  cache.touch(keys.next(), { ttl: HOUR + Number.parseInt(values.next(), 10) }),
)

/** A round removes every key once. */
const deletion: Comparison = {
  subject: onCache(
    'delete',
    (cache, { keys }) => cache.delete(keys.next()),
    (cache, work) => cache.setMany(work.entries(KEYS)),
  ),
  yardstick: onBare(
    'DELETE',
    (bare, { keys }) => bare.delete(keys.next()),
    (bare, work) => bare.upsertAll(work.entries(KEYS)),
  ),
  calls: KEYS,
}

/** Writes, each a transaction by itself unless it says otherwise, beside the least that SQLite can do. */
export const WRITES: readonly Comparison[] = [
  { subject: SET, yardstick: UPSERT, goal: atMost(1.2) },
  { subject: setWithTtl, yardstick: UPSERT, goal: atMost(1.8) },
  {
    subject: onCache(`setMany(${KEYS}), per entry`, (cache, work) => cache.setMany(work.entries(KEYS))),
    yardstick: upserts(KEYS),
    calls: 10,
    operationsPerCall: KEYS,
  },
  { subject: incr, yardstick: UPSERT },
  { subject: touch, yardstick: UPSERT },
  deletion,
]
