import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Cache, type CacheOptions } from '@diskcache/cache'
import {
  type AsyncStore,
  type Disk,
  DiskCacheError,
  EncryptedDisk,
  type Mode,
  STORE_LISTING,
  type StoreListing,
} from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { classesFor } from './classes-for.ts'
import { codecNamed } from './codec-named.ts'
import { checkSecrets, probeOf, someKeys } from './secrets-check.ts'
import type { Target, TargetOptions } from './target.ts'
import { WalkedListing } from './walked-listing.ts'

/**
 * Opens the cache in a directory, or a store on Redis for an address such as `redis://localhost:6379?prefix=app`.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there is no cache, and whatever opening it throws
 */
export async function openTarget(name: string, options: TargetOptions = {}): Promise<Target> {
  if (/^rediss?:/.test(name)) {
    // To load the client takes as long as all the rest.
    const { openRedis } = await import('./open-redis.ts')
    return openRedis(name, options)
  }
  const directory = resolve(name)
  if (isSharded(directory)) return openDirectory('fanout', directory, options)
  if (existsSync(join(directory, 'cache.db'))) return openDirectory('cache', directory, options)
  throw new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot open ${directory}: ${whatIsThere(directory)}`)
}

/** Returns a store of an application as a target, which is not closed with it. */
export function storeTarget(
  store: AsyncStore,
  { name, isReadonly }: { name: string; isReadonly: boolean },
): Target {
  return { kind: 'other', name, store, isReadonly, listing: listingOf(store), close: async () => {} }
}

/** Returns what a store tells of its entries; of one that tells nothing itself, what a walk over them does. */
export function listingOf(store: AsyncStore): StoreListing {
  const told = (store as { readonly [STORE_LISTING]?: StoreListing })[STORE_LISTING]
  return told ?? new WalkedListing(store)
}

async function openDirectory(
  kind: 'cache' | 'fanout',
  directory: string,
  options: TargetOptions,
): Promise<Target> {
  const { readonly = false, secrets = [] } = options
  const cache = open(kind, directory, { readonly }, options)
  const target: Target = {
    ...{ kind, name: cache.directory, store: cache.promises, isReadonly: readonly },
    listing: cache.promises[STORE_LISTING],
    close: () => cache.promises.close(),
  }
  try {
    await checkEncryption(target, secrets)
    return target
  } catch (error) {
    await target.close()
    throw error
  }
}

/** What is written must be such that the program that has all secrets finds and reads it. */
async function checkEncryption(
  { listing, isReadonly }: Target,
  secrets: readonly Uint8Array[],
): Promise<void> {
  const { codec } = await listing.facts()
  if (codec !== EncryptedDisk.codec) {
    if (secrets.length === 0) return
    throw new DiskCacheError(
      'ERR_DISKCACHE_FORMAT',
      'Cannot use the secret: the directory is not encrypted; leave out --secret-file',
    )
  }
  const keys = await someKeys(listing)
  if (isReadonly || secrets.length === 0) return
  const probe = probeOf(secrets)
  await checkSecrets(keys, async (key) => {
    const raw = await listing.raw(key)
    return raw && probe.decodeValue(raw.mode as Mode, raw.data)
  })
}

/** Opens a directory with the codec that it was written with, whichever that is. */
function open(
  kind: 'cache' | 'fanout',
  directory: string,
  { readonly }: { readonly: boolean },
  { secrets = [] }: TargetOptions,
): Cache | FanoutCache {
  const openWith = (disk?: Disk) => {
    // A damaged database is told of, and is not made anew by looking at it. That others may write is for the doctor.
    const options: CacheOptions = { readonly, onCorrupt: 'throw', onUnsafe: 'ignore' }
    const codec = disk === undefined ? classesFor(readonly) : { disk }
    return kind === 'fanout'
      ? new FanoutCache(directory, { ...options, ...codec })
      : new Cache(directory, { ...options, ...codec })
  }
  try {
    return openWith()
  } catch (error) {
    const codec = (error as Partial<DiskCacheError>).codec
    if (codec === undefined) throw error
    return openWith(codecNamed(codec, secrets, classesFor(readonly)))
  }
}

/** Returns whether a directory is that of a `FanoutCache`, made by Node or by Python. */
function isSharded(directory: string): boolean {
  return existsSync(join(directory, 'cache.db-shards')) || existsSync(join(directory, '000', 'cache.db'))
}

function whatIsThere(directory: string): string {
  const status = statSync(directory, { throwIfNoEntry: false })
  if (status === undefined) return 'there is no such directory'
  if (!status.isDirectory()) return 'it is a file; give the directory of a cache'
  return 'it is no cache: there is neither a cache.db nor a cache.db-shards in it'
}
