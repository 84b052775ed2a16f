import type { Comparison, Side } from '../measuring/comparison.ts'
import { atMost, type Goal } from '../measuring/goal.ts'
import { GET, onCache, SELECT, SET, UPSERT, upserts } from './sides.ts'

/** In a round, whether one or many of them are in flight at a time. */
const OPERATIONS = 2_000

const GET_ONE = onCache('promises.get, awaited one by one', (cache, { keys }) =>
  cache.promises.get(keys.next()),
)

function gets(inFlight: number): Side {
  return onCache(`promises.get, ${inFlight} in flight`, (cache, { keys }) =>
    Promise.all(keys.take(inFlight).map((key) => cache.promises.get(key))),
  )
}

function sets(inFlight: number): Side {
  return onCache(`promises.set, ${inFlight.toLocaleString('en')} in flight`, (cache, work) =>
    Promise.all(work.entries(inFlight).map(([key, value]) => cache.promises.set(key, value))),
  )
}

/** The synchronous get, as often in a call as there are in flight on the other side. */
function getsOneByOne(count: number): Side {
  return onCache(GET.name, (cache, { keys }) => {
    for (let i = 0; i < count; i++) cache.get(keys.next())
  })
}

function inFlight(count: number, subject: Side, yardstick: Side, goal?: Goal): Comparison {
  const size = { calls: OPERATIONS / count, operationsPerCall: count }
  return { subject, yardstick, ...(goal && { goal }), ...size }
}

/** The face for servers, beside the other one and beside bare SQLite. */
export const PROMISES: readonly Comparison[] = [
  { subject: GET_ONE, yardstick: SELECT },
  { subject: GET_ONE, yardstick: GET },
  inFlight(100, gets(100), getsOneByOne(100), atMost(0.6)),
  { subject: sets(1), yardstick: UPSERT },
  { subject: sets(1), yardstick: SET },
  inFlight(10, sets(10), upserts(10)),
  inFlight(100, sets(100), upserts(100), atMost(1.8)),
  inFlight(1_000, sets(1_000), upserts(1_000)),
]
