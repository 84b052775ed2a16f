import { join } from 'node:path'
import { hotKeyRun } from '../../../../packages/cache/tests/processes/hot-key.ts'
import { mixedRun } from '../../../../packages/cache/tests/processes/mixed/mixed-run.ts'
import type { Scenario } from '../scenario.ts'

/** Eight processes on one directory; then again in one that is far too small for what they write. */
export const invariants: Scenario = {
  name: 'invariants',
  minutes: 5,
  async run({ directory, seed, short }) {
    const plan = { seed, processes: 8, operations: short ? 1_500 : 5_000, limit: 120_000 }
    const roomy = await mixedRun({ ...plan, directory: join(directory, 'roomy') })
    const settings = {
      sizeLimit: 4_000_000,
      evictionPolicy: 'least-recently-used',
      statistics: true,
    } as const
    const tight = await mixedRun({ ...plan, directory: join(directory, 'tight'), settings })
    const hot = await hotKeyRun({ directory: join(directory, 'hot'), seed, duration: short ? 5_000 : 20_000 })
    return [roomy.join(', '), `with eviction: ${tight.join(', ')}`, hot]
  },
}
