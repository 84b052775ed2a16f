import { Cache } from '@diskcache/cache'
import { role } from '../processes/role.ts'

export interface CountingJob {
  readonly directory: string
  /** Increments, and how many of them are in flight at a time. */
  readonly count: number
  readonly inFlight: number
}

/** Increments one counter, and gives what each increment gave. */
role<CountingJob, number[]>(async ({ directory, count, inFlight }, barrier) => {
  await using promises = new Cache(directory).promises
  await barrier()
  const sums: number[] = []
  while (sums.length < count) {
    const batch = Array.from({ length: inFlight }, () => promises.incr('counter'))
    sums.push(...(await Promise.all(batch)))
  }
  return sums
})
