import { RedisStore } from '@diskcache/redis'
import { classesFor } from './classes-for.ts'
import type { Target, TargetOptions } from './target.ts'
import { WalkedListing } from './walked-listing.ts'

/** Opens the store on Redis that an address names; `?prefix=` is the option `prefix` of `RedisStore`. */
export async function openRedis(address: string, { readonly = false }: TargetOptions): Promise<Target> {
  const url = new URL(address)
  const prefix = url.searchParams.get('prefix') ?? undefined
  url.searchParams.delete('prefix')
  const store = new RedisStore({ url: url.href, prefix, ...classesFor(readonly) })
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
    name: nameOf(url, prefix),
    store,
    isReadonly: readonly,
    listing,
    close: () => store.close(),
  }
}

function nameOf(url: URL, prefix: string | undefined): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  if (prefix !== undefined) shown.searchParams.set('prefix', prefix)
  return shown.href
}
