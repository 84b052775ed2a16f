import { BoundedSemaphore, Lock, RLock } from '@diskcache/recipes'
import { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { job, tell } from '../../../../../packages/recipes/tests/processes/job.ts'
import { Holder } from './holder.ts'
import { openStore, type StorePlace } from './open-store.ts'
import { type Way, waysToHold, waysToHoldAgain } from './ways-to-hold.ts'

export interface HoldingJob extends StorePlace {
  readonly seed: number
  /** Of this process, and never again. */
  readonly id: number
  /** Milliseconds. */
  readonly lease: number
  readonly histories: Histories
}

/** Files: of what happens to a lock, and to a semaphore. */
export interface Histories {
  readonly door: string
  readonly hall: string
}

/** How many fit into the hall. */
export const PLACES = 3

const { seed, id, lease, histories, ...place } = await job<HoldingJob>()
const store = openStore(place)
const random = new Random(seed, id)

/** A `Lock` and an `RLock` of one key are the same lock; two call chains of an `RLock` exclude each other. */
const plans: readonly (readonly [keyof Histories, Way[]])[] = [
  ['door', waysToHold(new Lock(store, 'door', { lease }), random)],
  ['door', waysToHoldAgain(new RLock(store, 'door', { lease }), random)],
  ['door', waysToHoldAgain(new RLock(store, 'door', { lease }), random)],
  ['hall', waysToHold(new BoundedSemaphore(store, 'hall', PLACES, { lease }), random)],
  ['hall', waysToHold(new BoundedSemaphore(store, 'hall', PLACES, { lease }), random)],
]
const holders = plans.map(([key, ways], i) => {
  return new Holder({ store, key, history: histories[key], id: `${id}.${i}`, ways, lease }, random)
})
tell('ready')
await Promise.all(holders.map((holder) => holder.holdForEver()))
