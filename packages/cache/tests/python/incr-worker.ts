import { Cache } from '@diskcache/cache'
import { role } from '../processes/role.ts'

export interface IncrJob {
  readonly directory: string
  readonly times: number
}

/** Adds one to one counter, so many times. */
role<IncrJob, void>(async ({ directory, times }, barrier) => {
  using cache = new Cache(directory)
  await barrier()
  for (let i = 0; i < times; i++) cache.incr('counter')
})
