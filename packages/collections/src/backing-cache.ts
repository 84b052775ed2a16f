import { Cache, type CacheOptions } from '@diskcache/cache'
import { checkBoolean, checkDirectory, checkOptions, type Key, quote } from '@diskcache/core'

/** Where a collection keeps its items: a directory, a new temporary one, or a cache that is open already. */
export type Source<K extends Key, V> = string | Cache<K, V> | undefined

export type BackingOptions = Omit<CacheOptions, 'evictionPolicy'> & {
  /** Only with a cache that is open already: accept it although its policy evicts, so that items may vanish. */
  allowEviction?: boolean | undefined
}

/** What has directories for collections by their names, such as a `FanoutCache`. */
export interface Directories<Kind extends string> {
  directoryFor(kind: Kind, name: string): string
}

/** The cache that holds the items of a collection. */
export interface BackingCache<K extends Key, V> {
  readonly cache: Cache<K, V>
  /** Whether it is closed together with the collection. */
  readonly isOwn: boolean
}

/** Opens the cache of a collection, so that it never evicts, or takes the one that is given. */
export function openBacking<K extends Key, V>(
  source: Source<K, V>,
  options: BackingOptions,
): BackingCache<K, V> {
  if (typeof source === 'object') return { cache: wrap(source, options), isOwn: false }
  if (source !== undefined) checkDirectory(source)
  if ('evictionPolicy' in options) {
    throw new TypeError(`Cannot use evictionPolicy: a collection never evicts; a Cache does`)
  }
  return { cache: new Cache<K, V>(source, { ...options, evictionPolicy: 'none' }), isOwn: true }
}

function wrap<K extends Key, V>(cache: Cache<K, V>, options: BackingOptions): Cache<K, V> {
  checkOptions('the options', options, ['allowEviction'])
  const { allowEviction = false } = options
  const { evictionPolicy } = cache.settings
  if (evictionPolicy === 'none' || checkBoolean('allowEviction', allowEviction)) return cache
  throw new TypeError(
    `Cannot use a cache with the eviction policy ${quote(evictionPolicy)}: items would vanish; use 'none', or allowEviction`,
  )
}
