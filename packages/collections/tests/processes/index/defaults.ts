import { strictEqual } from 'node:assert'
import type { Part } from './part.ts'

/** So long, in milliseconds, all processes race for the same key. */
const ROUND = 10

/** All who ask for the default of one key get the same value, that of whoever came first. */
export const defaults: Part<[string, number][]> = {
  work: ({ index, random, id }) => {
    const seen = new Map<string, number>()
    return {
      step: async () => {
        const key = `default:${Math.floor(Date.now() / ROUND)}`
        if (seen.has(key)) return
        const value = random.chance(0.5)
          ? index.setDefault(key, () => id)
          : await index.promises.setDefault(key, async () => id)
        seen.set(key, value as number)
      },
      report: () => [...seen],
    }
  },
  verify: (index, reports) => {
    const seen = reports.flat()
    for (const [key, value] of seen) strictEqual(index.get(key), value, `${key} had another default`)
    const keys = new Set(seen.map(([key]) => key)).size
    return `${keys} defaults agreed on by ${(seen.length / Math.max(1, keys)).toFixed(1)} processes each`
  },
}
