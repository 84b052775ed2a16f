import type { CacheOptions } from '@diskcache/cache'
import type { Comparison } from '../comparison.ts'
import { InProcess } from '../contender.ts'
import { atMost } from '../goal.ts'
import { keyRotation, Rotation } from '../workload.ts'

const CALLS = 2_000

const MANY = 100

export const GET: Comparison = {
  operation: 'get',
  yardstick: 'SELECT',
  goal: atMost(1.5, 1.2),
  calls: CALLS,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    return {
      subject: new InProcess({ call: () => cache.get(ours.next()) }),
      yardstick: new InProcess({ call: () => bare.select(theirs.next()) }),
    }
  },
}

/** Reads that are noted, beside reads that are not. */
function recordedGet(operation: string, options: CacheOptions): Comparison {
  return {
    operation,
    yardstick: 'plain get',
    goal: atMost(1.15, 1.05),
    calls: CALLS,
    start(stage) {
      const [cache, plain] = [stage.cache(options), stage.cache()]
      const [ours, theirs] = [keyRotation(), keyRotation()]
      return {
        subject: new InProcess({ call: () => cache.get(ours.next()) }),
        yardstick: new InProcess({ call: () => plain.get(theirs.next()) }),
      }
    },
  }
}

const getMany: Comparison = {
  operation: `getMany(${MANY}), per key`,
  yardstick: 'SELECT in a read transaction',
  goal: atMost(1.5, 1.2),
  calls: CALLS / MANY,
  operationsPerCall: MANY,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs] = [keyLists(), keyLists()]
    return {
      subject: new InProcess({ call: () => cache.getMany(ours.next()) }),
      yardstick: new InProcess({ call: () => bare.selectAll(theirs.next()) }),
    }
  },
}

/** A write in name only: whoever finds the key present needs no lock. */
const addToPresent: Comparison = {
  operation: 'add, key present',
  yardstick: 'SELECT',
  calls: CALLS,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    return {
      subject: new InProcess({ call: () => cache.add(ours.next(), 'another value') }),
      yardstick: new InProcess({ call: () => bare.select(theirs.next()) }),
    }
  },
}

function keyLists(): Rotation<string[]> {
  const keys = keyRotation()
  return new Rotation(Array.from({ length: 10 }, () => keys.take(MANY)))
}

export const READS: readonly Comparison[] = [
  GET,
  recordedGet('get, least-recently-used', { evictionPolicy: 'least-recently-used' }),
  recordedGet('get, least-frequently-used', { evictionPolicy: 'least-frequently-used' }),
  recordedGet('get, statistics', { statistics: true }),
  recordedGet('get, least-recently-used and statistics', {
    evictionPolicy: 'least-recently-used',
    statistics: true,
  }),
  getMany,
  addToPresent,
]
