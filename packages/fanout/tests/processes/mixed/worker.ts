import { setImmediate } from 'node:timers/promises'
import type { Cache, PartialSettings } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import type { Share } from '../../../../cache/tests/processes/mixed/invariant.ts'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'
import { INVARIANTS } from './invariants.ts'

export interface MixedShardsJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
  readonly settings: PartialSettings
}

/** One report for each of the invariants. */
export type MixedShardsReport = unknown[]

/** Longer than any run takes, in milliseconds: what is dropped would look like what has no effect. */
const PATIENCE = 60_000

const LOTS = INVARIANTS.flatMap(({ weight }, i) => Array<number>(weight).fill(i))

role<MixedShardsJob, MixedShardsReport>(async ({ directory, seed, id, operations, settings }, barrier) => {
  await barrier()
  using store = new FanoutCache(directory, { ...settings, timeout: PATIENCE })
  const random = new Random(seed, id)
  // The invariants are written for a Cache, and use what both have.
  const cache = store as unknown as Cache
  const shares = INVARIANTS.map((invariant) => invariant.work({ cache, random, id }))
  for (let i = 0; i < operations; i++) {
    const share = shares[random.pick(LOTS)] as Share<unknown>
    await share.step()
    // Timers must get their turn, as in a server.
    if (i % 500 === 0) await setImmediate()
  }
  return shares.map((share) => share.report())
})
