import type { CacheOptions } from '@diskcache/cache'
import { checkPatience, checkString, isPath, type PatienceOptions, recipeStore } from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { LateCache, type RowStore } from './late-cache.ts'
import { TaggedRows } from './tags/tagged-rows.ts'

/** The options of both handlers. */
export interface HandlerOptions extends PatienceOptions {
  /**
   * What tells the entries of this application from those of others in the same store; `''` unless given. Both handlers of
   * an application have the same one, and so see the same revalidations.
   */
  prefix?: string | undefined
  /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
  cache?: CacheOptions | undefined
}

/** Their names. */
export const HANDLER_OPTIONS = ['prefix', 'cache', 'storeTimeout'] as const

/** Opens the entries of an application, and later those in a directory that cannot be opened now. */
export function openRows(
  source: StoreSource,
  { prefix = '', cache, storeTimeout }: HandlerOptions,
): TaggedRows {
  checkString('prefix', prefix)
  checkPatience({ storeTimeout })
  return new TaggedRows(openRowStore(source, cache), prefix, { storeTimeout })
}

function openRowStore(source: StoreSource, options: CacheOptions | undefined): RowStore {
  try {
    return openStore(source, options).store
  } catch (error) {
    if (!isPath(source) || error instanceof TypeError || error instanceof RangeError) throw error
    const late = new LateCache(source, options, error)
    recipeStore(late)
    return late
  }
}
