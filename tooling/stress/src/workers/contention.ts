import { Cache } from '@diskcache/cache'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import type { ContentionJob, ContentionReport } from '../scenarios/event.ts'

role<ContentionJob, ContentionReport>(async ({ directory, duration }, barrier) => {
  using cache = new Cache(directory, { timeout: 5_000 })
  await barrier()
  let [sets, longest] = [0, 0]
  for (const end = performance.now() + duration; performance.now() < end; sets++) {
    const start = performance.now()
    cache.set('contended', sets)
    longest = Math.max(longest, performance.now() - start)
  }
  cache.incr('total', sets)
  return { sets, longest }
})
