import { Cache, type CacheOptions } from '@diskcache/cache'
import {
  checkBoolean,
  checkOptions,
  commonOf,
  DEFAULT_TTL,
  type DirectoryPath,
  isPath,
  type Key,
  quote,
} from '@diskcache/core'

/** The place where a collection keeps its items: a directory, a new temporary one, or a cache that is open already. */
export type Source<K extends Key, V> = DirectoryPath | Cache<K, V> | undefined

/**
 * The options of a collection: those of `Cache`, but for `evictionPolicy`, `maxEntries` and `ttl`, since items do not
 * vanish. Unless given, `onCorrupt` is `'throw'`: what a collection holds may be nowhere else.
 */
export type BackingOptions = Omit<CacheOptions, 'evictionPolicy' | 'maxEntries' | 'ttl'> & {
  /**
   * Whether to accept a cache that is open already although its policy evicts, so that items may vanish; `false`
   * unless given.
   */
  allowEviction?: boolean | undefined
}

/** A store that has directories for collections by their names, such as a `FanoutCache`. */
export interface Directories<Kind extends string> {
  /** Returns the directory for a collection of this kind and name. */
  directoryFor(kind: Kind, name: string): string
}

/** The cache that holds the items of a collection. */
export interface BackingCache<K extends Key, V> {
  readonly cache: Cache<K, V>
  /** Whether the cache is closed together with the collection. */
  readonly isOwn: boolean
}

/**
 * Opens the cache of a collection, so that it never evicts, or takes the cache that is given.
 *
 * @throws TypeError for what is neither a directory nor a cache, for an illegal option, and for a cache that evicts, or
 * has a default time to live, and for a namespace
 */
export function openBacking<K extends Key, V>(
  source: Source<K, V>,
  options: BackingOptions,
): BackingCache<K, V> {
  if (source !== undefined && !isPath(source)) {
    checkCache(source)
    return { cache: wrap(source, options), isOwn: false }
  }
  if ('evictionPolicy' in options) {
    throw new TypeError(`Cannot use evictionPolicy: a collection never evicts; a Cache does`)
  }
  if ('maxEntries' in options)
    throw new TypeError('Cannot use maxEntries: a collection never evicts; a Deque has maxLength')
  if ('ttl' in options) throw new TypeError('Cannot use ttl: items of a collection do not expire')
  const cache = new Cache<K, V>(source, { onCorrupt: 'throw', ...options, evictionPolicy: 'none' })
  return { cache, isOwn: true }
}

/** The class is not compared: the ESM and the CommonJS build have one each. */
function checkCache(source: unknown): void {
  const { promises, transact } = Object(source) as Partial<Cache>
  if (promises !== undefined && transact !== undefined) return
  throw new TypeError(`Cannot use ${quote(source)} for a collection: expected a directory or a Cache`)
}

function wrap<K extends Key, V>(cache: Cache<K, V>, options: BackingOptions): Cache<K, V> {
  checkOptions('the options', options, ['allowEviction'])
  const { allowEviction = false } = options
  if (commonOf(cache.promises) !== cache.promises)
    throw new TypeError(
      'Cannot use a namespace: a collection has a directory or a whole Cache for itself; give it one',
    )
  if (cache.promises[DEFAULT_TTL] !== undefined)
    throw new TypeError('Cannot use a cache with the option ttl: items would vanish; open one without it')
  const { evictionPolicy } = cache.settings
  if (evictionPolicy === 'none' || checkBoolean('allowEviction', allowEviction)) return cache
  throw new TypeError(
    `Cannot use a cache with the eviction policy ${quote(evictionPolicy)}: items would vanish; use 'none', or allowEviction`,
  )
}
