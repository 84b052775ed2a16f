import { setTimeout as delay } from 'node:timers/promises'
import { type Hold, Lock } from '@diskcache/recipes'
import { Random } from '../../../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../../../packages/cache/tests/processes/role.ts'
import { type AnyStorePlace, openAnyStore } from '../open-any-store.ts'
import { CutOffStore } from './cut-off-store.ts'
import { Stalls } from './stalls.ts'

export interface CutOffJob extends AnyStorePlace {
  readonly seed: number
  readonly holds: number
  /** Milliseconds. */
  readonly lease: number
}

/** How many of the holds were told in time that they are lost. */
export interface CutOffReport {
  /** The signal fired before the lease was over by the clock of the store. */
  readonly inTime: number
  /** It fired later, because this process had no turn on the machine when the lease was over. */
  readonly stalled: number
  /** The least time that was left, in milliseconds. */
  readonly least: number
  /** The event loop was blocked until the leases were over, and the signal said so before any timer had run. */
  readonly blocked: number
}

/** Holds many locks, of which the store does not answer any more from a moment on, and then many under a blocked loop. */
role<CutOffJob, CutOffReport>(async ({ seed, holds, lease, ...place }, barrier) => {
  await using store = openAnyStore(place)
  await barrier()
  const random = new Random(seed)
  using stalls = new Stalls()
  const left = await Promise.all(Array.from({ length: holds }, (_, i) => cutOff(i)))
  const kept = await Promise.all(Array.from({ length: holds }, (_, i) => hold(store, `blocked ${i}`)))
  const signals = kept.map(({ lost }) => lost)
  for (const end = performance.now() + lease; performance.now() < end; ) {}
  const blocked = signals.filter(({ aborted }) => aborted).length
  const late = left.filter(({ time }) => time <= 0)
  const stalled = late.filter(({ until }) => stalls.had(until)).length
  const times = left.map(({ time }) => time).filter((time) => time > 0)
  return { inTime: times.length, stalled, least: Math.min(...times), blocked }

  /** Resolves to the end of a lease, and to the time that was left of it when the signal fired. */
  async function cutOff(i: number): Promise<{ until: number; time: number }> {
    await delay(random.below(lease))
    const cut = new CutOffStore(store, random.chance(0.5) ? 'silent' : 'failing')
    const { lost } = await hold(cut.store, `cut off ${i}`)
    setTimeout(() => cut.cut(), random.below(lease))
    return new Promise((resolve) => {
      lost.addEventListener('abort', () => resolve({ until: cut.until, time: cut.until - Date.now() }))
    })
  }

  function hold(store: ConstructorParameters<typeof Lock>[0], key: string): Promise<Hold> {
    return new Lock(store, key, { lease }).acquire()
  }
})
