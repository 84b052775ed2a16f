import { FanoutCache } from '@diskcache/fanout'
import { role } from '../../../cache/tests/processes/role.ts'

export interface IncrementingJob {
  readonly directory: string
  readonly keys: readonly (string | number)[]
  /** Increments of each key, and how many of them are in flight at a time. */
  readonly times: number
  readonly inFlight: number
}

/** Increments keys of several shards through promises, which lose nothing. */
role<IncrementingJob, void>(async ({ directory, keys, times, inFlight }, barrier) => {
  await using promises = new FanoutCache(directory).promises
  await barrier()
  for (let i = 0; i < times; i += inFlight) {
    const rounds = Array.from({ length: Math.min(inFlight, times - i) }, () => keys)
    await Promise.all(rounds.flat().map((key) => promises.incr(key)))
  }
})
