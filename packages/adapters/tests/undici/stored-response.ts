import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import type { UndiciCacheStore } from '../../src/undici/undici-cache-store.ts'
import type { CacheKey, CacheValue } from '../../src/undici/undici-types.ts'

export const KEY: CacheKey = { origin: 'http://localhost', method: 'GET', path: '/', headers: {} }

export function keyOf(path: string, headers: Record<string, string | string[]> = {}): CacheKey {
  return { ...KEY, path, headers }
}

export function headOf(fields: Partial<CacheValue> = {}): CacheValue {
  const now = Date.now()
  const times = { cachedAt: now, staleAt: now + 60_000, deleteAt: now + 120_000 }
  return { statusCode: 200, statusMessage: 'OK', headers: {}, ...times, ...fields }
}

export async function put(
  cache: UndiciCacheStore,
  key: CacheKey,
  body: string,
  fields?: Partial<CacheValue>,
) {
  const writer = cache.createWriteStream(key, headOf(fields))
  writer?.end(body)
  if (writer !== undefined) await once(writer, 'close')
}

export async function bodyOf(cache: UndiciCacheStore, key: CacheKey): Promise<string | undefined> {
  const result = await cache.get(key)
  return result && String(await buffer(result.body as AsyncIterable<Buffer>))
}

/** Calls `body`, and returns what the channel of errors was told meanwhile. */
export async function errorsDuring(body: () => Promise<void>): Promise<unknown[]> {
  const told: unknown[] = []
  const listener = (message: unknown) => told.push((message as { error: unknown }).error)
  subscribe('diskcache:error', listener)
  await body()
  unsubscribe('diskcache:error', listener)
  return told
}
