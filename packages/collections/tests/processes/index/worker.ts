import { setImmediate } from 'node:timers/promises'
import { Index } from '@diskcache/collections'
import type { Share } from '../../../../cache/tests/processes/mixed/invariant.ts'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'
import { MIN_FILE_SIZE } from '../../../../cache/tests/processes/stamped-value.ts'
import { PARTS } from './parts.ts'

export interface IndexJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
}

/** One report for each of the parts. */
export type IndexReport = unknown[]

role<IndexJob, IndexReport>(async ({ directory, seed, id, operations }, barrier) => {
  using index = new Index<string | number, unknown>(directory, { minFileSize: MIN_FILE_SIZE })
  const random = new Random(seed, id)
  const shares = PARTS.map((part) => part.work({ index, random, id }))
  await barrier()
  for (let i = 0; i < operations; i++) {
    // Its own entries are half of what it does.
    const share = (random.chance(0.33) ? shares[0] : random.pick(shares)) as Share<unknown>
    await share.step()
    if (i % 100 === 0) await setImmediate()
  }
  return shares.map((share) => share.report())
})
