import { hasCode, type ListedEntry } from '@diskcache/core'
import type { Target } from '../../reading/targets/target.ts'
import { Refusal } from './http/refusal.ts'
import { checkSize, mostInflated } from './looking/value-limit.ts'

/** Returns whether an entry has expired, and is not removed yet. */
export function isExpired({ expireTime }: ListedEntry): boolean {
  return expireTime !== null && expireTime <= Date.now()
}

/** Refuses to change an entry that has expired: it is there for nobody but those who look for what is left. */
export function checkLiving(entry: ListedEntry): void {
  if (isExpired(entry)) throw new Refusal(409, 'The entry has expired: it can only be deleted')
}

/**
 * Refuses to write an entry anew that is too large, or that is not what was stored, which the store would remove instead.
 */
export async function checkRewritable(
  { listing }: Target,
  entry: ListedEntry,
  mostBytes: number,
): Promise<void> {
  checkSize(entry, mostBytes)
  if (entry.isDamaged || entry.key === undefined) throw damaged()
  const raw = await listing.raw(entry.key)
  try {
    // What is compressed is longer than its bytes.
    raw?.read(mostInflated(mostBytes))
  } catch (error) {
    throw hasCode(error, 'ERR_DISKCACHE_CORRUPT') ? damaged() : error
  }
}

function damaged(): Refusal {
  return new Refusal(409, 'The entry is damaged: it would be removed if it was written anew')
}
