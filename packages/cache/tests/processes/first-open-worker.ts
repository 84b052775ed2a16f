import { strictEqual } from 'node:assert'
import { Cache } from '@diskcache/cache'
import type { FirstOpenJob } from './first-open.ts'
import { role } from './role.ts'

role<FirstOpenJob, number>(async ({ id, directories }, barrier) => {
  let longest = 0
  for (const directory of directories) {
    await barrier()
    const start = performance.now()
    // Half of them also store settings, and so have to write.
    using cache = new Cache(directory, id % 2 === 0 ? {} : { evictionPolicy: 'least-recently-used' })
    cache.set(`opened by ${id}`, id)
    strictEqual(cache.get(`opened by ${id}`), id)
    longest = Math.max(longest, performance.now() - start)
  }
  return longest
})
