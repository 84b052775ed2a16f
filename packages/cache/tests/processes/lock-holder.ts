import { Cache } from '@diskcache/cache'
import { role } from './role.ts'

export interface LockHolderJob {
  readonly directory: string
  /** How long it keeps the write lock, in milliseconds. */
  readonly duration: number
}

/** Reaches its barrier, then holds the write lock. */
role<LockHolderJob, void>(async ({ directory, duration }, barrier) => {
  using cache = new Cache(directory)
  await barrier()
  cache.transact(() => {
    cache.set('held', true)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration)
  })
})
