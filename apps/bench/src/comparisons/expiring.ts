import { Cache } from '@diskcache/cache'
import { BareDatabase } from '../bare-database.ts'
import type { Comparison } from '../comparison.ts'
import { InProcess } from '../contender.ts'
import { databaseOf } from '../stage.ts'
import { KEYS, keyRotation, valueRotation } from '../workload.ts'

const CALLS = 2_000

const HOUR = 3_600_000

/** By a clock that moves on by a millisecond at each write, so that each finds one entry that has just expired. */
const setWhileOthersExpire: Comparison = {
  operation: 'set of a new key with a ttl, while another expires',
  yardstick: 'upsert of a new key and DELETE of another, in a transaction',
  calls: CALLS,
  start(stage) {
    let now = Date.now()
    const cache = stage.use(new Cache(stage.path('cache'), { clock: () => now }))
    const bare = stage.use(new BareDatabase(`${stage.path('bare')}.db`))
    const [ourValues, theirValues] = [valueRotation(), valueRotation()]
    let [ours, theirs] = [0, 0]
    const set = () => {
      now++
      return cache.set(`key:${ours++}`, ourValues.next(), { ttl: KEYS })
    }
    for (let i = 0; i < KEYS; i++) {
      set()
      bare.upsert(`key:${theirs++}`, theirValues.next())
    }
    return {
      subject: new InProcess({ call: set, database: databaseOf(cache) }),
      yardstick: new InProcess({
        call: () => bare.replaceOldest(`key:${theirs++}`, theirValues.next()),
        database: bare.file,
      }),
    }
  },
}

const getOfExpired: Comparison = {
  operation: 'get of a key that has expired',
  yardstick: 'get of a key that is not there',
  calls: CALLS,
  start(stage) {
    let now = Date.now()
    const cache = stage.use(new Cache(stage.path('cache'), { clock: () => now }))
    const keys = keyRotation()
    cache.setMany(keys.take(KEYS).map((key) => [key, 'x', { ttl: 1 }]))
    now += HOUR
    return {
      subject: new InProcess({ call: () => cache.get(keys.next()) }),
      yardstick: new InProcess({ call: () => cache.get('nothing') }),
    }
  },
}

const touch: Comparison = {
  operation: 'touch',
  yardstick: 'upsert',
  calls: CALLS,
  start(stage) {
    const [cache, bare] = [stage.cache(), stage.bare()]
    const [ours, theirs, values] = [keyRotation(), keyRotation(), valueRotation()]
    let ttl = HOUR
    return {
      subject: new InProcess({
        call: () => cache.touch(ours.next(), { ttl: ++ttl }),
        database: databaseOf(cache),
      }),
      yardstick: new InProcess({
        call: () => bare.upsert(theirs.next(), values.next()),
        database: bare.file,
      }),
    }
  },
}

export const EXPIRING: readonly Comparison[] = [setWhileOthersExpire, getOfExpired, touch]
