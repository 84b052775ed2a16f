import type { WriteOptions } from '@diskcache/cache'
import type { BareDatabase } from '../bare-database.ts'
import type { Comparison } from '../comparison.ts'
import { type Contender, InProcess } from '../contender.ts'
import { atMost, type Goal } from '../goal.ts'
import { databaseOf } from '../stage.ts'
import { entriesRotation, KEYS, keyRotation, valueRotation } from '../workload.ts'

const CALLS = 2_000

const HOUR = 3_600_000

function setComparison(operation: string, options: WriteOptions | undefined, goal: Goal): Comparison {
  return {
    operation,
    yardstick: 'upsert',
    goal,
    calls: CALLS,
    start(stage) {
      const cache = stage.cache()
      const [keys, values] = [keyRotation(), valueRotation()]
      const call = () => cache.set(keys.next(), values.next(), options)
      return {
        subject: new InProcess({ call, database: databaseOf(cache) }),
        yardstick: upserts(stage.bare()),
      }
    },
  }
}

const setMany: Comparison = {
  operation: `setMany(${KEYS}), per entry`,
  yardstick: 'upsert in a transaction',
  goal: atMost(3, 2),
  calls: 10,
  operationsPerCall: KEYS,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs] = [entriesRotation(), entriesRotation()]
    return {
      subject: new InProcess({ call: () => cache.setMany(ours.next()), database: databaseOf(cache) }),
      yardstick: new InProcess({ call: () => bare.upsertAll(theirs.next()), database: bare.file }),
    }
  },
}

const incr: Comparison = {
  operation: 'incr',
  yardstick: 'upsert',
  calls: CALLS,
  start(stage) {
    const cache = stage.cache()
    const keys = keyRotation()
    cache.setMany(keys.take(KEYS).map((key) => [key, 0]))
    const call = () => cache.incr(keys.next())
    return { subject: new InProcess({ call, database: databaseOf(cache) }), yardstick: upserts(stage.bare()) }
  },
}

/** A round removes every key once. */
const deletion: Comparison = {
  operation: 'delete',
  yardstick: 'DELETE',
  calls: KEYS,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    const entries = entriesRotation()
    return {
      subject: new InProcess({
        prepare: () => cache.setMany(entries.next()),
        call: () => cache.delete(ours.next()),
        database: databaseOf(cache),
      }),
      yardstick: new InProcess({
        prepare: () => bare.upsertAll(entries.next()),
        call: () => bare.delete(theirs.next()),
        database: bare.file,
      }),
    }
  },
}

function upserts(bare: BareDatabase): Contender {
  const [keys, values] = [keyRotation(), valueRotation()]
  return new InProcess({ call: () => bare.upsert(keys.next(), values.next()), database: bare.file })
}

export const WRITES: readonly Comparison[] = [
  setComparison('set', undefined, atMost(2.5, 1.3)),
  setComparison('set with a ttl', { ttl: HOUR }, atMost(3.2, 2.2)),
  setMany,
  incr,
  deletion,
]
