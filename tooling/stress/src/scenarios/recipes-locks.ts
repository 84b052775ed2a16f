import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'
import { coldKeysRun } from './recipes-cold-keys-run.ts'
import { holdingRun } from './recipes-holding-run.ts'
import { throttleRun } from './recipes-throttle-run.ts'

/**
 * Eight processes with locks, semaphores, cold keys and a throttled function, of which some are killed, and some stopped:
 * over a `Cache` and a `FanoutCache`; when it has to be short, over one of them, by the seed.
 */
export const locks: Scenario = {
  name: 'locks',
  minutes: 10,
  async run({ directory, seed, short }) {
    const stores = [
      { directory: join(directory, 'cache') },
      { directory: join(directory, 'fanout'), shards: 4 },
    ]
    const figures: string[] = []
    for (const store of short ? stores.slice(seed % 2, (seed % 2) + 1) : stores) {
      const notes = `${store.directory}-notes`
      mkdirSync(notes)
      figures.push(
        ...(await holdingRun({ ...store, notes, seed, rounds: short ? 2 : 30 })),
        await coldKeysRun({ ...store, notes, keys: short ? 9 : 90 }),
        await throttleRun({ ...store, calls: join(notes, 'calls'), duration: short ? 2_000 : 5_000 }),
      )
    }
    return figures
  },
}
