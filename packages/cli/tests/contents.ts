import { Cache } from '@diskcache/cache'
import { Disk, keyText, STORE_LISTING } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'

/** What a directory has in its order: keys, values, expiry, tags and pin. */
export async function contentsOf(directory: string, isSharded = false): Promise<object[]> {
  const cache = isSharded ? new FanoutCache(directory) : new Cache(directory)
  const { promises } = cache
  try {
    const pins = new Map<string, unknown>()
    for await (const { isDone, entries } of promises[STORE_LISTING].list({ limit: 1_000_000 }))
      if (isDone) for (const { encodedKey, pin } of entries) pins.set(keyText(encodedKey), pin)
    const keys = await Array.fromAsync(promises.keys())
    const entries = await promises.getEntries(keys)
    const disk = new Disk()
    return keys.map((key, i) => ({ key, ...entries[i], pin: pins.get(keyText(disk.encodeKey(key))) }))
  } finally {
    await promises.close()
  }
}
