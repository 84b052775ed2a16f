import type { Entry, PeerStore } from './peer.ts'
import type { PeerWorkload } from './peer-workload.ts'

/** So many keys in a call that has many, and so many calls in flight. */
export const BULK = 100

/** Longer than any measurement. */
const TTL = 3_600_000

/** What can be asked of a peer. One call of those with `Many` and `Flight` works on `BULK` keys. */
export const OPERATIONS = [
  'get',
  'set',
  'delete',
  'incr',
  'setExpiring',
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

/** What makes one call; `undefined`: the peer has no such operation. */
export function callOf(
  operation: Operation,
  store: PeerStore,
  work: PeerWorkload,
): (() => unknown) | undefined {
  const { keys, values, counters } = work
  const { setExpiring, incr, getMany, setMany } = store
  const calls: Record<Operation, (() => unknown) | undefined> = {
    get: () => store.get(keys.next()),
    set: () => store.set(keys.next(), values.next()),
    delete: () => store.delete(work.deleted.next()),
    incr: incr && (() => incr(counters.next())),
    setExpiring: setExpiring && (() => setExpiring(keys.next(), values.next(), TTL)),
    getMany: getMany && (() => getMany(keys.take(BULK))),
    setMany: setMany && (() => setMany(work.entries(BULK))),
    getFlight: () => Promise.all(keys.take(BULK).map((key) => store.get(key))),
    setFlight: () => Promise.all(work.entries(BULK).map(([key, value]: Entry) => store.set(key, value))),
  }
  return calls[operation]
}
