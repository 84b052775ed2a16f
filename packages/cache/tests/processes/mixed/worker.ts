import { setImmediate } from 'node:timers/promises'
import { Cache, type PartialSettings } from '@diskcache/cache'
import { Random } from '../random.ts'
import { role } from '../role.ts'
import type { Share } from './invariant.ts'
import { INVARIANTS } from './invariants.ts'

export interface MixedJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
  readonly settings: PartialSettings
}

/** One report for each of the invariants. */
export type MixedReport = unknown[]

role<MixedJob, MixedReport>(async ({ directory, seed, id, operations, settings }, barrier) => {
  await barrier()
  using cache = new Cache(directory, settings)
  const random = new Random(seed, id)
  const shares = INVARIANTS.map((invariant) => invariant.work({ cache, random, id }))
  for (let i = 0; i < operations; i++) {
    const step = choose(random, shares).step()
    if (step instanceof Promise) await step
    // Timers must get their turn, as in a server.
    if (i % 500 === 0) await setImmediate()
  }
  return shares.map((share) => share.report())
})

function choose(random: Random, shares: readonly Share<unknown>[]): Share<unknown> {
  let left = random.below(INVARIANTS.reduce((sum, { weight }) => sum + weight, 0))
  const i = INVARIANTS.findIndex(({ weight }) => {
    left -= weight
    return left < 0
  })
  return shares[i] as Share<unknown>
}
