import type { CacheOptions } from '@diskcache/cache'
import {
  type AsyncStore,
  checkOptions,
  type DirectoryPath,
  directoryPath,
  type Key,
  type Store,
} from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { type OpenedStore, openStore } from '../../store/open-store.ts'

/** A directory to open, with the options of `Cache`. */
export interface DirectoryOptions extends CacheOptions {
  /** The directory on a local disk, which all processes that open it share. Not empty. */
  directory: DirectoryPath
  /** Not beside `directory`. */
  store?: undefined
  /**
   * How many shards the directory has, so that processes write at the same time: opens a `FanoutCache`. Left out: a
   * `Cache`. The number is fixed when the directory is first opened.
   */
  shards?: number | undefined
}

/** A store that the application has opened, and closes. */
export interface GivenStoreOptions {
  /** A `Cache`, a `FanoutCache` or anything else that implements `AsyncStore`. */
  store: Store | AsyncStore
  /** Not beside `store`. */
  directory?: undefined
}

/** The store of a `DiskCacheModule`: one in a directory, or one that is open already. */
export type StoreOptions = DirectoryOptions | GivenStoreOptions

/**
 * Opens the store that the options describe.
 *
 * @throws TypeError, RangeError naming the option that is unknown, illegal or missing
 */
export function openConfiguredStore(options: StoreOptions): OpenedStore {
  checkOptions('the options of DiskCacheModule', options, Object.keys(options ?? {}))
  const { store, directory, ...cacheOptions } = options
  if (store !== undefined && directory !== undefined)
    throw new TypeError('Cannot open a store for DiskCacheModule: both directory and store are given')
  if (store !== undefined) return openStore(store, cacheOptions)
  return openDirectory(directory, cacheOptions)
}

function openDirectory(
  directory: DirectoryPath | undefined,
  options: Omit<DirectoryOptions, 'directory' | 'store'>,
): OpenedStore {
  // An empty one would be the working directory.
  if (directory === undefined || directory === '')
    throw new TypeError('Cannot open a store for DiskCacheModule: give it a directory, or a store')
  if (options.shards === undefined) {
    const { shards, ...cacheOptions } = options
    return openStore(directoryPath(directory), cacheOptions)
  }
  return { store: new FanoutCache<Key>(directory, options).promises, isOwn: true }
}
