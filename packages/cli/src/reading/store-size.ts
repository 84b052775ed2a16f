import type { Target } from './targets/target.ts'
import { WalkedListing } from './targets/walked-listing.ts'

/** How large a store is. */
export interface StoreSize {
  readonly entries: number
  /** The bytes that it fills. */
  readonly volume: number
}

/** Resolves to the size of a store; of one that has to walk over all entries for it, to that of a while ago. */
export async function sizeOf({ listing, store }: Target): Promise<StoreSize> {
  const isWalked = listing instanceof WalkedListing
  const [entries, volume] = await Promise.all([
    isWalked ? listing.count.get() : store.count(),
    isWalked ? listing.volume.get() : store.volume(),
  ])
  return { entries, volume }
}
