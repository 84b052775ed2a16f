import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'

// /tmp has 512 MB unless you ask for more: half of it for the cache leaves room for all else.
// Outside of the handler: opened at a cold start, and still open at the next call.
const cache = new Cache(join(tmpdir(), 'cache'), { sizeLimit: 256 * 1024 ** 2, ttl: 600_000 }).promises

export async function handler({ id }) {
  const kept = await cache.get(id)
  if (kept !== undefined) return { statusCode: 200, headers: { 'x-cache': 'hit' }, body: kept }

  const body = `a slow report for ${id}`
  await cache.set(id, body) // await it: the environment is frozen as soon as the handler has returned
  return { statusCode: 200, headers: { 'x-cache': 'miss' }, body }
}
