import { writeSync } from 'node:fs'
import { FanoutCache } from '@diskcache/fanout'
import { role } from '../../../cache/tests/processes/role.ts'

export interface HaltingJob {
  readonly directory: string
  readonly keys: readonly number[]
}

/** Printed when all locks are held and all keys are written. */
export const INSIDE = 'inside'

/** Replaces keys of all shards in a transaction, in which it stays until it is killed. */
role<HaltingJob, never>(async ({ directory, keys }, barrier) => {
  using cache = new FanoutCache(directory)
  await barrier()
  return cache.transact(() => {
    for (const key of keys) cache.set(key, Buffer.alloc(50_000, 1))
    writeSync(1, `${INSIDE}\n`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    throw new Error('it was not killed')
  })
})
