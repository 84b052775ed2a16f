import { seededRandom } from './seeded-random.ts'

/** What python-diskcache's own benchmark does, in these shares. `python_worker.py` does the same. */
export const OPERATIONS = ['get', 'set', 'delete'] as const

export type Operation = (typeof OPERATIONS)[number]

export const KEYS = 100

const MOST_REPEATS = 99

export interface Step {
  readonly operation: Operation
  readonly key: Buffer
  readonly value: Buffer
}

/** What one process does; processes with different seeds do different things. */
export function* steps(seed: number, count: number): Generator<Step, undefined, undefined> {
  const random = seededRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  for (let i = 0; i < count; i++) {
    const key = Buffer.from(String(below(KEYS)))
    const value = Buffer.from(String(i).repeat(1 + below(MOST_REPEATS)))
    yield { operation: operationAt(random()), key, value }
  }
}

/** 90 % get, 9 % set, 1 % delete. */
function operationAt(share: number): Operation {
  if (share < 0.9) return 'get'
  return share < 0.99 ? 'set' : 'delete'
}
