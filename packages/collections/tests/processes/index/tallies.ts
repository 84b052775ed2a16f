import { strictEqual } from 'node:assert'
import type { Part } from './part.ts'

const KEYS = ['tally:0', 'tally:1', 'tally:2']

/** What several processes count in transactions, through both faces, adds up. */
export const tallies: Part<number[]> = {
  work: ({ index, random }) => {
    const added = KEYS.map(() => 0)
    return {
      step: async () => {
        const i = random.below(KEYS.length)
        const key = KEYS[i] as string
        const delta = random.below(100)
        const add = () => void index.set(key, Number(index.get(key) ?? 0) + delta)
        if (random.chance(0.5)) index.transact(add)
        else await index.promises.transact(add)
        added[i] = (added[i] as number) + delta
      },
      report: () => added,
    }
  },
  verify: (index, reports) => {
    for (const [i, key] of KEYS.entries()) {
      const total = reports.reduce((sum, added) => sum + (added[i] as number), 0)
      strictEqual(index.get(key) ?? 0, total, `${key} is not what was added to it`)
    }
    return undefined
  },
}
