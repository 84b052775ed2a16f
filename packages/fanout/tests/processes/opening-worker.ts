import { strictEqual } from 'node:assert'
import { hasCode } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { role } from '../../../cache/tests/processes/role.ts'

export interface OpeningJob {
  readonly directory: string
  readonly id: number
  readonly shards: number | undefined
}

/** Opens a directory as soon as the others do, and uses it; gives the number of shards, `undefined` when it is refused. */
role<OpeningJob, number | undefined>(async ({ directory, id, shards }, barrier) => {
  await barrier()
  try {
    using cache = new FanoutCache(directory, { shards, timeout: 5_000 })
    const key = `opened by ${id}`
    strictEqual(cache.set(key, id), true)
    strictEqual(cache.get(key), id)
    return cache.shards
  } catch (error) {
    if (hasCode(error, 'ERR_DISKCACHE_SHARDS')) return undefined
    throw error
  }
})
