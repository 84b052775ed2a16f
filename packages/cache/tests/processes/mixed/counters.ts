import { strictEqual } from 'node:assert'
import { type Invariant, PINNED } from './invariant.ts'

const KEYS = ['counter:0', 'counter:1', 'counter:2', 'counter:3']

/** No increment is lost or counted twice, be it by `incr`, `decr`, `update` or inside `transact`. */
export const counters: Invariant<number[]> = {
  weight: 18,
  work: ({ cache, random }) => {
    const added = KEYS.map(() => 0)
    return {
      step: () => {
        const i = random.below(KEYS.length)
        const key = KEYS[i] as string
        const delta = random.below(100)
        const kind = random.below(4)
        if (kind === 0) cache.decr(key, -delta, PINNED)
        else if (kind === 1)
          cache.update(key, (entry) => ({ set: Number(entry?.value ?? 0) + delta, pin: true }))
        else if (kind === 2) cache.transact(() => cache.set(key, Number(cache.get(key) ?? 0) + delta, PINNED))
        else cache.incr(key, delta, PINNED)
        added[i] = (added[i] as number) + delta
      },
      report: () => added,
    }
  },
  verify: (cache, reports) => {
    for (const [i, key] of KEYS.entries()) {
      const total = reports.reduce((sum, added) => sum + (added[i] as number), 0)
      strictEqual(cache.get(key) ?? 0, total, `${key} lost increments`)
    }
    return undefined
  },
}
