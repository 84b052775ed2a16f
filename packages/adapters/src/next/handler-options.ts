import type { CacheOptions } from '@diskcache/cache'
import { checkPatience, checkString, type PatienceOptions } from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
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

/** Opens the entries of an application. */
export function openRows(
  source: StoreSource,
  { prefix = '', cache, storeTimeout }: HandlerOptions,
): TaggedRows {
  checkString('prefix', prefix)
  checkPatience({ storeTimeout })
  return new TaggedRows(openStore(source, cache).store, prefix, { storeTimeout })
}
