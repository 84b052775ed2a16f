import { join } from 'node:path'
import type { Cache } from '@diskcache/cache'
import {
  Averager,
  BoundedSemaphore,
  getOrSet,
  type Hold,
  Lock,
  memoizeStampede,
  RLock,
  setIfNewer,
  TokenBucket,
  throttle,
} from '@diskcache/recipes'
import { Awaited } from '../awaited.ts'
import type { Comparison } from '../comparison.ts'
import { PeerProcess } from '../peers/peer-process.ts'
import { databaseOf, type Stage } from '../stage.ts'
import { together } from '../together.ts'
import { keyRotation, valueRotation } from '../workload.ts'

const CALLS = 500

const HOUR = 3_600_000

/** So much that nobody ever waits; and no more, so that the bucket is never full again either. */
const RATE = { count: 1e7, per: 1e7 }

/** In a round, of all processes together: many, because the lock does not go round after each of them. */
const CONTENDED_CALLS = 240

const CONTENDER = join(import.meta.dirname, '../peers/contending-worker.ts')

/** Something that writes a row, each time another value, beside an update that does. */
function againstUpdate(operation: string, callOf: (cache: Cache) => () => Promise<unknown>): Comparison {
  return {
    operation,
    yardstick: 'promises.update',
    calls: CALLS,
    start(stage) {
      const [ours, theirs] = [stage.cache(), stage.cache()]
      return {
        subject: new Awaited({ call: callOf(ours), database: databaseOf(ours) }),
        yardstick: new Awaited({ call: updates(theirs), database: databaseOf(theirs) }),
      }
    },
  }
}

/** Something that only reads, beside a read. */
function againstGet(operation: string, callOf: (cache: Cache) => () => Promise<unknown>): Comparison {
  return {
    operation,
    yardstick: 'promises.get',
    calls: CALLS,
    start(stage) {
      const [ours, theirs] = [stage.cache(), stage.cache()]
      const keys = keyRotation()
      return {
        subject: new Awaited({ call: callOf(ours) }),
        yardstick: new Awaited({ call: () => theirs.promises.get(keys.next()) }),
      }
    },
  }
}

/** Processes that want the same lock all the time, beside as many that update the same row all the time. */
function contended(processes: number): Comparison {
  return {
    operation: `Lock, acquire and release, ${processes} processes`,
    yardstick: `promises.update of one key, ${processes} processes`,
    calls: CONTENDED_CALLS,
    start(stage) {
      return {
        subject: together(peers(stage, processes), 'lock'),
        yardstick: together(peers(stage, processes), 'update'),
      }
    },
  }
}

function peers(stage: Stage, count: number): PeerProcess[] {
  const { directory } = stage.cache()
  return Array.from({ length: count }, () =>
    stage.use(new PeerProcess(process.execPath, [CONTENDER, directory])),
  )
}

function updates(cache: Cache): () => Promise<unknown> {
  const values = valueRotation()
  return () => cache.promises.update('row', () => ({ set: values.next() }))
}

function acquireAndRelease(lock: { acquire(): Promise<Hold> }): () => Promise<void> {
  return async () => {
    const hold = await lock.acquire()
    await hold.release()
  }
}

/** A lock that is held already costs nothing but itself. */
function enterAgain(cache: Cache): () => Promise<unknown> {
  const lock = new RLock(cache, 'key', { lease: HOUR })
  const outer = lock.acquire()
  return async () => {
    const hold = await lock.acquire({ within: await outer })
    await hold.release()
  }
}

function writesUnderToken(cache: Cache): () => Promise<unknown> {
  const values = valueRotation()
  let token = 0
  return () => setIfNewer(cache, 'key', values.next(), ++token)
}

/** Each key is computed in the first round, which is not measured. */
function hits(cache: Cache): () => Promise<unknown> {
  const [keys, values] = [keyRotation(), valueRotation()]
  const make = () => values.next()
  return () => getOrSet(cache, keys.next(), make, { ttl: HOUR })
}

function memoizedHits(cache: Cache): () => Promise<unknown> {
  const [keys, values] = [keyRotation(), valueRotation()]
  const fn = memoizeStampede(cache, async (_: string) => values.next(), { name: 'fn', ttl: HOUR })
  return () => fn(keys.next())
}

/** Holding something alone, or with few others. */
export const LOCKS: readonly Comparison[] = [
  againstUpdate('Lock, acquire and release', (cache) => acquireAndRelease(new Lock(cache, 'key'))),
  againstUpdate('BoundedSemaphore(4), acquire and release', (cache) =>
    acquireAndRelease(new BoundedSemaphore(cache, 'key', 4)),
  ),
  againstUpdate('RLock, acquired again and released', enterAgain),
  againstUpdate('setIfNewer', writesUnderToken),
]

/** The same lock, wanted by several processes all the time. */
export const CONTENDED_LOCKS: readonly Comparison[] = [contended(2), contended(4), contended(8)]

/** What the other recipes cost, beside the reads and writes of the store that they are made of. */
export const RECIPES: readonly Comparison[] = [
  againstUpdate('TokenBucket.tryTake', (cache) => {
    const bucket = new TokenBucket(cache, { name: 'bucket', ...RATE })
    return () => bucket.tryTake()
  }),
  againstUpdate('throttle, a call that need not wait', (cache) =>
    throttle(cache, () => {}, { name: 'fn', ...RATE }),
  ),
  againstUpdate('Averager.add', (cache) => {
    const averager = new Averager(cache, 'average')
    let number = 0
    return () => averager.add(++number)
  }),
  againstGet('getOrSet, fresh', hits),
  againstGet('memoizeStampede, fresh', memoizedHits),
]
