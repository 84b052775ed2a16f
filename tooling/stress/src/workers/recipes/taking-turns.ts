import { setTimeout as delay } from 'node:timers/promises'
import { Lock } from '@diskcache/recipes'
import { role } from '../../../../../packages/cache/tests/processes/role.ts'
import { type AnyStorePlace, openAnyStore } from './open-any-store.ts'

export interface TurnsJob extends AnyStorePlace {
  /** How long the lock is held each time, in milliseconds. */
  readonly hold: number
  /** Milliseconds. */
  readonly duration: number
}

/** Holds a lock again and again, without a pause in between, and gives how long it waited each time, in milliseconds. */
role<TurnsJob, number[]>(async ({ hold, duration, ...place }, barrier) => {
  await using store = openAnyStore(place)
  const lock = new Lock(store, 'turns')
  await lock.run(() => {})
  const waits: number[] = []
  await barrier()
  const end = performance.now() + duration
  while (performance.now() < end) {
    const asked = performance.now()
    await using _hold = await lock.acquire()
    waits.push(performance.now() - asked)
    await delay(hold)
  }
  return waits
})
