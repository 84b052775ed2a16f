import type { DiskCacheErrorCode } from '../contract/errors.ts'

/** The codes of errors that say something about the store, and not about a key or a value. */
const TROUBLES: ReadonlySet<DiskCacheErrorCode> = new Set([
  'ERR_DISKCACHE_UNAVAILABLE',
  'ERR_DISKCACHE_TIMEOUT',
  'ERR_DISKCACHE_ENGINE',
  'ERR_DISKCACHE_IO',
  'ERR_DISKCACHE_CORRUPT',
])

/** Returns whether an error may say that a store cannot be used now, for whatever key. */
export function isTrouble(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false
  const { code } = Object(error) as { code?: unknown }
  if (typeof code !== 'string' || !code.startsWith('ERR_DISKCACHE_')) return true
  return TROUBLES.has(code as DiskCacheErrorCode)
}
