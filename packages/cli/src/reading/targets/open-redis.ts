import {
  type Column,
  Disk,
  DiskCacheError,
  EncryptedDisk,
  hasCode,
  type Key,
  type Mode,
} from '@diskcache/core'
import { RedisStore, type RedisStoreOptions } from '@diskcache/redis'
import { classesFor } from './classes-for.ts'
import { redisAddress } from './redis-address.ts'
import { checkSecrets, isEncryptedValue, probeOf, refusingKeys } from './secrets-check.ts'
import type { Target, TargetOptions } from './target.ts'
import { WalkedListing } from './walked-listing.ts'

/** Opens the store on Redis that an address names. */
export async function openRedis(
  address: string,
  { readonly = false, secrets = [] }: TargetOptions,
): Promise<Target> {
  const { url, prefix, name } = redisAddress(address)
  const store = openStore({ url, prefix }, secrets, classesFor(readonly))
  try {
    // An address that nobody answers at is told of now.
    await store.has('')
    if (!readonly && secrets.length > 0) await checkStored(store, { url, prefix }, secrets)
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

type Place = Pick<RedisStoreOptions, 'url' | 'prefix'>

/** Redis does not say what its values were written with: those that the secrets are given for are encrypted. */
function openStore(
  place: Place,
  secrets: readonly Uint8Array[],
  options: ReturnType<typeof classesFor>,
): RedisStore {
  if (secrets.length > 0)
    return new RedisStore({ ...place, disk: refusingKeys(new EncryptedDisk({ keys: secrets, ...options })) })
  const disk = new Disk(options)
  const store = new RedisStore({ ...place, disk })
  // Only now: values that a codec decodes in another way than `Disk` are not read piece by piece.
  disk.decodeValue = decodeUnlessEncrypted
  return store
}

function decodeUnlessEncrypted(this: Disk, mode: Mode, data: Column): unknown {
  if (!isEncryptedValue(mode, data)) return Disk.prototype.decodeValue.call(this, mode, data)
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    'Cannot decode a value: it is encrypted; give the secret by --secret-file',
  )
}

async function checkStored(store: RedisStore, place: Place, secrets: readonly Uint8Array[]): Promise<void> {
  const probe = new RedisStore({ ...place, disk: probeOf(secrets) })
  try {
    // A client that is closed before it has connected keeps the process for half a minute.
    await probe.has('')
    await checkSecrets(readable(store), (key) => probe.getEntry(key))
  } finally {
    await probe.close()
  }
}

/** Gives keys until one cannot be decoded. */
async function* readable(store: RedisStore): AsyncGenerator<Key, void, void> {
  try {
    yield* store.keys()
  } catch (error) {
    if (!hasCode(error, 'ERR_DISKCACHE_FORMAT') && !hasCode(error, 'ERR_DISKCACHE_CORRUPT')) throw error
  }
}
