import type { Cache } from '@diskcache/cache'
import { Awaited } from '../awaited.ts'
import type { BareDatabase } from '../bare-database.ts'
import type { Comparison } from '../comparison.ts'
import { type Contender, InProcess } from '../contender.ts'
import { atMost, type Goal } from '../goal.ts'
import { databaseOf } from '../stage.ts'
import { keyRotation, type Rotation, valueRotation } from '../workload.ts'

/** In a round, whether one or many of them are in flight at a time. */
const WRITES = 2_000

const READS = 2_000

interface Yardstick {
  readonly name: string
  readonly goal?: Goal
  /** Does `count` operations a call. */
  contender(stage: { cache(): Cache; bare(): BareDatabase }, count: number): Contender
}

const upsert: Yardstick = {
  name: 'upsert',
  contender(stage, count) {
    const bare = stage.bare()
    const [keys, values] = [keyRotation(), valueRotation()]
    const call = times(count, () => bare.upsert(keys.next(), values.next()))
    return new InProcess({ call, database: bare.file })
  },
}

const syncSet: Yardstick = {
  name: 'synchronous set',
  contender(stage, count) {
    const cache = stage.cache()
    const [keys, values] = [keyRotation(), valueRotation()]
    const call = times(count, () => cache.set(keys.next(), values.next()))
    return new InProcess({ call, database: databaseOf(cache) })
  },
}

/** As many in a transaction as are in flight: the same commits, the same pages. */
function upsertsInTransaction(goal?: Goal): Yardstick {
  return {
    name: 'upsert, as many in a transaction',
    ...(goal && { goal }),
    contender(stage, count) {
      const bare = stage.bare()
      const [keys, values] = [keyRotation(), valueRotation()]
      return new InProcess({ call: () => bare.upsertAll(take(count, keys, values)), database: bare.file })
    },
  }
}

function setComparison(inFlight: number, { name, goal, contender }: Yardstick): Comparison {
  return {
    operation: `promises.set, ${inFlight.toLocaleString('en')} in flight`,
    yardstick: name,
    ...(goal && { goal }),
    calls: WRITES / inFlight,
    operationsPerCall: inFlight,
    start(stage) {
      const cache = stage.cache()
      const [keys, values] = [keyRotation(), valueRotation()]
      const set = ([key, value]: [string, string]) => cache.promises.set(key, value)
      const call = () => Promise.all(take(inFlight, keys, values).map(set))
      return {
        subject: new Awaited({ call, database: databaseOf(cache) }),
        yardstick: contender(stage, inFlight),
      }
    },
  }
}

const getAgainstSelect: Comparison = {
  operation: 'promises.get, awaited one by one',
  yardstick: 'SELECT',
  calls: READS,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    return {
      subject: new Awaited({ call: () => cache.promises.get(ours.next()) }),
      yardstick: new InProcess({ call: () => bare.select(theirs.next()) }),
    }
  },
}

const getAgainstSync: Comparison = {
  operation: 'promises.get, awaited one by one',
  yardstick: 'synchronous get',
  calls: READS,
  start(stage) {
    const [promised, synchronous] = [stage.cache(), stage.cache()]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    return {
      subject: new Awaited({ call: () => promised.promises.get(ours.next()) }),
      yardstick: new InProcess({ call: () => synchronous.get(theirs.next()) }),
    }
  },
}

function times(count: number, call: () => unknown): () => void {
  return () => {
    for (let i = 0; i < count; i++) call()
  }
}

function take(count: number, keys: Rotation<string>, values: Rotation<string>): [string, string][] {
  return Array.from({ length: count }, () => [keys.next(), values.next()])
}

/** The face for servers, beside the other one and beside bare SQLite. */
export const PROMISES: readonly Comparison[] = [
  getAgainstSelect,
  getAgainstSync,
  setComparison(1, upsert),
  setComparison(1, syncSet),
  setComparison(10, upsertsInTransaction()),
  setComparison(100, upsertsInTransaction(atMost(3, 2))),
  setComparison(100, upsert),
  setComparison(100, syncSet),
  setComparison(1_000, upsertsInTransaction()),
]
