import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { CallOutcome } from './call-outcome.ts'
import type { FaultPoint } from './fault-points.ts'
import type { Operation } from './operations.ts'

/** An operation as it must not be, a point at which that shows, and what the judge has to find there. */
interface Careless extends Operation {
  readonly at: Pick<FaultPoint, 'call' | 'nth'>
  readonly finds: readonly (keyof CallOutcome)[]
}

export const CARELESS: readonly Careless[] = [
  {
    name: 'careless: a failure is kept secret',
    run: (store) => succeeded(() => store.set('small', 'after')) || true,
    changes: { small: 'after' },
    at: { call: 'pwrite', nth: 1 },
    finds: ['lost'],
  },
  {
    name: 'careless: a part is done before another one fails',
    run: (store) => {
      store.set('small', 'after')
      const file = openSync(join(store.directory, 'file'), 'w')
      writeSync(file, 'text')
      closeSync(file)
    },
    changes: { small: 'after', large: undefined },
    at: { call: 'write', nth: 1 },
    finds: ['half', 'untyped', 'leaked'],
  },
  {
    name: 'careless: it fails when all is done',
    run: (store) => {
      store.set('small', 'after')
      openSync(join(store.directory, 'missing'), 'r')
    },
    changes: { small: 'after' },
    at: { call: 'rmdir', nth: 1 },
    finds: ['done', 'untyped'],
  },
]

export const CARELESS_POINTS: readonly FaultPoint[] = CARELESS.map(({ name, at }) => {
  return { operation: name, error: 'EIO', onward: true, ...at }
})

/** Throws when the judge has not found what is wrong with one of them. */
export function expectFound(outcomes: readonly CallOutcome[]): void {
  for (const [i, { name, finds }] of CARELESS.entries()) {
    const missed = finds.filter((kind) => outcomes[i]?.[kind] === undefined)
    if (missed.length > 0) throw new Error(`The judge does not find ${missed.join(', ')} in "${name}"`)
  }
}

function succeeded(act: () => unknown): boolean {
  try {
    return act() !== false
  } catch {
    return false
  }
}
