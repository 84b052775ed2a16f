import type { AsyncStore } from '@diskcache/core'
import { RareAnswer } from './targets/rare-answer.ts'
import type { Target } from './targets/target.ts'
import { WalkedListing } from './targets/walked-listing.ts'

/** How large a store is. */
export interface StoreSize {
  readonly entries: number
  /** The bytes that it fills. */
  readonly volume: number
}

interface Counters {
  readonly count: RareAnswer<number>
  readonly volume: RareAnswer<number>
}

const countersOf = new WeakMap<AsyncStore, Counters>()

/** Resolves to the size of a store; of one that goes through all entries for it, to that of a while ago. */
export async function sizeOf({ listing, store }: Target): Promise<StoreSize> {
  const counters = listing instanceof WalkedListing ? listing : (countersOf.get(store) ?? newCounters(store))
  const [entries, volume] = await Promise.all([counters.count.get(), counters.volume.get()])
  return { entries, volume }
}

function newCounters(store: AsyncStore): Counters {
  const counters = {
    count: new RareAnswer(() => store.count()),
    volume: new RareAnswer(() => store.volume()),
  }
  countersOf.set(store, counters)
  return counters
}
