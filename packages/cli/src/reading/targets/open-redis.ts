import { RedisStore } from '@diskcache/redis'
import { classesFor } from './classes-for.ts'
import { redisAddress } from './redis-address.ts'
import type { Target, TargetOptions } from './target.ts'
import { WalkedListing } from './walked-listing.ts'

/** Opens the store on Redis that an address names. */
export async function openRedis(address: string, { readonly = false }: TargetOptions): Promise<Target> {
  const { url, prefix, name } = redisAddress(address)
  const store = new RedisStore({ url, prefix, ...classesFor(readonly) })
  try {
    // An address that nobody answers at is told of now.
    await store.has('')
  } catch (error) {
    await store.close()
    throw error
  }
  const listing = new WalkedListing(store)
  return {
    kind: 'redis',
    name,
    store,
    isReadonly: readonly,
    listing,
    close: () => store.close(),
  }
}
