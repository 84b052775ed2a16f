import { FanoutCache } from '@diskcache/fanout'
import type { Comparison } from '../comparison.ts'
import { InProcess } from '../contender.ts'
import { atMost } from '../goal.ts'
import type { Stage } from '../stage.ts'
import { entriesRotation, KEYS, keyRotation, valueRotation } from '../workload.ts'

const CALLS = 2_000

const get: Comparison = {
  operation: 'FanoutCache.get',
  yardstick: 'Cache.get',
  goal: atMost(1.25),
  calls: CALLS,
  start(stage) {
    const [fanout, cache] = [fanoutCache(stage), stage.cache()]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    return {
      subject: new InProcess({ call: () => fanout.get(ours.next()) }),
      yardstick: new InProcess({ call: () => cache.get(theirs.next()) }),
    }
  },
}

const set: Comparison = {
  operation: 'FanoutCache.set',
  yardstick: 'Cache.set',
  goal: atMost(1.15),
  calls: CALLS,
  start(stage) {
    const [fanout, cache] = [fanoutCache(stage), stage.cache()]
    const [ourKeys, ourValues] = [keyRotation(), valueRotation()]
    const [theirKeys, theirValues] = [keyRotation(), valueRotation()]
    return {
      subject: new InProcess({ call: () => fanout.set(ourKeys.next(), ourValues.next()) }),
      yardstick: new InProcess({ call: () => cache.set(theirKeys.next(), theirValues.next()) }),
    }
  },
}

/** A transaction for each shard, against one. */
const setMany: Comparison = {
  operation: `FanoutCache.setMany(${KEYS}), per entry`,
  yardstick: 'Cache.setMany',
  calls: 10,
  operationsPerCall: KEYS,
  start(stage) {
    const [fanout, cache] = [fanoutCache(stage), stage.cache()]
    const [ours, theirs] = [entriesRotation(), entriesRotation()]
    return {
      subject: new InProcess({ call: () => fanout.setMany(ours.next()) }),
      yardstick: new InProcess({ call: () => cache.setMany(theirs.next()) }),
    }
  },
}

/** With its default of 8 shards. */
function fanoutCache(stage: Stage): FanoutCache {
  const fanout = stage.use(new FanoutCache(stage.path('fanout')))
  fanout.setMany(entriesRotation().next())
  return fanout
}

/** What sharding costs a process that is alone. What it gives to several, the core workload shows. */
export const FANOUT: readonly Comparison[] = [get, set, setMany]
