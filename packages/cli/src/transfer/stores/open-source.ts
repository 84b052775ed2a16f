import { Disk, STORE_LISTING } from '@diskcache/core'
import { Failure } from '../../terminal/failure.ts'
import { whatIsThere } from '../../terminal/what-is-there.ts'
import { directoryKind, directoryName, openStored } from './directories.ts'
import { listedAgain, listedPages } from './listed-pages.ts'
import type { Source } from './source.ts'
import { peekAgain, walkedPages } from './walked-pages.ts'

/** Opens a directory or a store on Redis to be exported, without a trace. */
export async function openSource(name: string): Promise<Source> {
  if (/^rediss?:/.test(name)) return openRedisSource(name)
  const kind = directoryKind(name)
  if (kind === undefined) throw new Failure(String(whatIsThere(name)))
  const { opened, codec } = openStored(name, kind, { readonly: true })
  const store = opened.promises
  const listing = store[STORE_LISTING]
  const { settings, parts } = await listing.facts()
  return {
    about: { kind, name: directoryName(name), codec, settings },
    ...{ isOrdered: true, store, streams: store },
    pages: (tag, after) => listedPages(listing, parts, tag, after),
    again: (listed) => listedAgain(listing, listed),
    close: () => store.close(),
  }
}

async function openRedisSource(address: string): Promise<Source> {
  // To load the client takes as long as all the rest.
  const { openRedisStores } = await import('./redis-stores.ts')
  const { name, stored, plain, close } = await openRedisStores(address, Disk.codec)
  return {
    about: { kind: 'redis', name, codec: Disk.codec, settings: {} },
    ...{ isOrdered: false, store: stored, streams: plain },
    pages: (tag) => walkedPages(plain, tag),
    again: (listed) => peekAgain(plain, listed),
    close,
  }
}
