import { deepStrictEqual, strictEqual } from 'node:assert'
import { FORMS, type StampedValue, stamped } from '../stamped-value.ts'
import { type Invariant, PINNED } from './invariant.ts'

/** A process that is alone with its keys reads what it wrote last. */
export const ownKeys: Invariant<[string, StampedValue][]> = {
  weight: 8,
  work: ({ cache, random, id }) => {
    const values = new Map<string, StampedValue>()
    let sequence = 0
    return {
      step: () => {
        const key = `own:${id}:${random.below(20)}`
        deepStrictEqual(cache.get(key), values.get(key), `${key} is not what its only writer wrote`)
        if (random.chance(0.3)) {
          strictEqual(cache.delete(key), values.delete(key), `delete() of ${key}`)
          return
        }
        const value = stamped({ key, writer: id, sequence: sequence++ }, random.pick(FORMS), random)
        cache.set(key, value, PINNED)
        values.set(key, value)
      },
      report: () => [...values],
    }
  },
  verify: (cache, reports) => {
    const expected = new Map(reports.flat().map(([key, value]) => [key, plain(value)]))
    const found = [...cache.entries({ prefix: 'own:' })].map(([key, value]) => [key, plain(value)] as const)
    deepStrictEqual(new Map(found), expected, 'keys of a single writer are not what it wrote')
    return undefined
  },
}

/** A Buffer comes back from another process as a Uint8Array. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value
}
