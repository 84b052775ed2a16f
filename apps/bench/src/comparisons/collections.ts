import type { Cache } from '@diskcache/cache'
import { Deque, Index } from '@diskcache/collections'
import { Awaited } from '../awaited.ts'
import type { Comparison } from '../comparison.ts'
import { InProcess } from '../contender.ts'
import { databaseOf, type Stage } from '../stage.ts'
import { entriesRotation, keyRotation, valueRotation } from '../workload.ts'

const CALLS = 2_000

/** Items that a round adds, or takes. */
const ITEMS = 1_000

const STEPS = 500

const MANY_ITEMS = 100_000

const append: Comparison = {
  operation: 'Deque.append',
  yardstick: 'Cache.push',
  calls: ITEMS,
  start(stage) {
    const [deque, cache] = [emptyDeque(stage), emptyCache(stage)]
    const [ours, theirs] = [valueRotation(), valueRotation()]
    return {
      subject: new InProcess({
        prepare: () => deque.clear(),
        call: () => deque.append(ours.next()),
        database: databaseOf(deque),
      }),
      yardstick: new InProcess({
        prepare: () => cache.clear(),
        call: () => cache.push(theirs.next()),
        database: databaseOf(cache),
      }),
    }
  },
}

const popLeft: Comparison = {
  operation: 'Deque.popLeft',
  yardstick: 'Cache.pull',
  calls: ITEMS,
  start(stage) {
    const [deque, cache] = [emptyDeque(stage), emptyCache(stage)]
    return {
      subject: new InProcess({
        prepare: () => fill(deque),
        call: () => deque.popLeft(),
        database: databaseOf(deque),
      }),
      yardstick: new InProcess({
        prepare: () => fillQueue(cache),
        call: () => cache.pull(),
        database: databaseOf(cache),
      }),
    }
  },
}

/** The items are there, so that nothing is measured but the readiness to wait. */
const takeLeft: Comparison = {
  operation: 'Deque.promises.takeLeft, awaited one by one',
  yardstick: 'Cache.promises.pull',
  calls: ITEMS,
  start(stage) {
    const [deque, cache] = [emptyDeque(stage), emptyCache(stage)]
    return {
      subject: new Awaited({
        prepare: () => fill(deque),
        call: () => deque.promises.takeLeft(),
        database: databaseOf(deque),
      }),
      yardstick: new Awaited({
        prepare: () => fillQueue(cache),
        call: () => cache.promises.pull(),
        database: databaseOf(cache),
      }),
    }
  },
}

const rotate: Comparison = {
  operation: `Deque.rotate(${STEPS}) of ${ITEMS}, per step`,
  yardstick: 'pull and push in a transaction',
  calls: 4,
  operationsPerCall: STEPS,
  start(stage) {
    const [deque, cache] = [emptyDeque(stage), emptyCache(stage)]
    fill(deque)
    fillQueue(cache)
    return {
      subject: new InProcess({ call: () => deque.rotate(STEPS), database: databaseOf(deque) }),
      yardstick: new InProcess({ call: () => pullAndPush(cache, STEPS), database: databaseOf(cache) }),
    }
  },
}

const at: Comparison = {
  operation: `Deque.at(${MANY_ITEMS / 2}) of ${MANY_ITEMS.toLocaleString('en')}`,
  yardstick: 'the same at(0)',
  calls: 20,
  start(stage) {
    const deque = emptyDeque(stage)
    fill(deque, MANY_ITEMS)
    return {
      subject: new InProcess({ call: () => deque.at(MANY_ITEMS / 2) }),
      yardstick: new InProcess({ call: () => deque.at(0) }),
    }
  },
}

const indexGet: Comparison = {
  operation: 'Index.get',
  yardstick: 'Cache.get',
  calls: CALLS,
  start(stage) {
    const [index, cache] = [fullIndex(stage), stage.cache({ evictionPolicy: 'none' })]
    const [ours, theirs] = [keyRotation(), keyRotation()]
    return {
      subject: new InProcess({ call: () => index.get(ours.next()) }),
      yardstick: new InProcess({ call: () => cache.get(theirs.next()) }),
    }
  },
}

const indexSet: Comparison = {
  operation: 'Index.set',
  yardstick: 'Cache.set, evicting nothing',
  calls: CALLS,
  start(stage) {
    const [index, cache] = [fullIndex(stage), stage.cache({ evictionPolicy: 'none' })]
    const [ourKeys, ourValues] = [keyRotation(), valueRotation()]
    const [theirKeys, theirValues] = [keyRotation(), valueRotation()]
    return {
      subject: new InProcess({
        call: () => index.set(ourKeys.next(), ourValues.next()),
        database: databaseOf(index),
      }),
      yardstick: new InProcess({
        call: () => cache.set(theirKeys.next(), theirValues.next()),
        database: databaseOf(cache),
      }),
    }
  },
}

function emptyDeque(stage: Stage): Deque<string> {
  return stage.use(new Deque<string>(stage.path('deque')))
}

/** With the policy of a collection, so that what differs is only the collection itself. */
function emptyCache(stage: Stage): Cache {
  const cache = stage.cache({ evictionPolicy: 'none' })
  cache.clear()
  return cache
}

function fullIndex(stage: Stage): Index<string, string> {
  return stage.use(new Index<string, string>(stage.path('index'), { entries: entriesRotation().next() }))
}

function fill(deque: Deque<string>, count = ITEMS): void {
  deque.clear()
  deque.extend(valueRotation().take(count))
}

function fillQueue(cache: Cache): void {
  cache.clear()
  cache.transact(() => {
    for (const value of valueRotation().take(ITEMS)) cache.push(value)
  })
}

/** How a queue is turned that cannot do it by itself: every value is read and written. */
function pullAndPush(cache: Cache, steps: number): void {
  cache.transact(() => {
    for (let i = 0; i < steps; i++) {
      const item = cache.pull({ side: 'back' })
      cache.push(item?.value, { side: 'front' })
    }
  })
}

/** A collection beside the cache that it consists of. */
export const COLLECTIONS: readonly Comparison[] = [append, popLeft, takeLeft, rotate, at, indexGet, indexSet]
