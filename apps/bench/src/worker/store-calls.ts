import type { Workload } from '../measuring/workload.ts'
import type { PeerCalls } from '../peers/peer.ts'

/** So many keys in a call that has many, and so many calls in flight. */
const BULK = 100

/** Longer than any measurement. */
const TTL = 3_600_000

/** What can be asked of a store. One call of those with `Many` and `Flight` works on `BULK` keys. */
export const OPERATIONS = [
  'get',
  'set',
  'setExpiring',
  'incr',
  'touch',
  'consume',
  'getMany',
  'setMany',
  'getFlight',
  'setFlight',
] as const

export type Operation = (typeof OPERATIONS)[number]

/** How many keys one call works on. */
export function keysPerCall(operation: Operation): number {
  return /Many|Flight/.test(operation) ? BULK : 1
}

/** What makes one call; `undefined`: the store has no such operation. */
export function callOf(operation: Operation, store: PeerCalls, work: Workload): (() => unknown) | undefined {
  const { keys, values } = work
  const { get, set, setExpiring, incr, touch, consume, getMany, setMany } = store
  const calls: Record<Operation, (() => unknown) | undefined> = {
    get: get && (() => get(keys.next())),
    set: set && (() => set(keys.next(), values.next())),
    setExpiring: setExpiring && (() => setExpiring(keys.next(), values.next(), TTL)),
    incr: incr && (() => incr(`counter:${keys.next()}`)),
    touch: touch && (() => touch(keys.next())),
    consume: consume && (() => consume(keys.next())),
    getMany: getMany && (() => getMany(keys.take(BULK))),
    setMany: setMany && (() => setMany(work.entries(BULK))),
    getFlight: get && (() => Promise.all(keys.take(BULK).map((key) => get(key)))),
    setFlight: set && (() => Promise.all(work.entries(BULK).map(([key, value]) => set(key, value)))),
  }
  return calls[operation]
}

/** Whether a call gave what it should: no key is ever removed, and no value is half of one. */
export function isFine(operation: Operation, result: unknown, { bytes }: Workload): boolean {
  if (operation === 'get') return typeof result === 'string' && result.length === bytes
  return operation !== 'set' || result !== false
}
