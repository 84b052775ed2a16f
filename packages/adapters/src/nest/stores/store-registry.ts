import { type AsyncStore, quote, type Tags } from '@diskcache/core'
import type { OnApplicationShutdown } from '@nestjs/common'
import type { HttpCache } from '../../http/http-cache.ts'
import { responseTags } from './response-tag.ts'
import { openConfiguredStore, type StoreOptions } from './store-options.ts'
import { openResponses, type ResponsesOptions } from './store-responses.ts'
import { getStoreToken } from './store-token.ts'

/**
 * The token of an application's {@link StoreRegistry}, and the property under which Nest gives it to objects with
 * decorated methods. Nest quotes the description when there is none; `Symbol.for`, so that the ESM and the CommonJS
 * build share it.
 */
export const STORE_REGISTRY: unique symbol = Symbol.for(
  'stores of DiskCacheModule.forRoot() or forRootAsync(), which @Cached, @EvictTag and @CachedResponse use',
)

/** A store, and the responses that stand in it. */
interface Known {
  readonly store: AsyncStore
  readonly options: ResponsesOptions
  /** Opened when they are first needed: not every store has any. */
  responses?: HttpCache
}

/**
 * The stores of one application, by name. Each application has its own, so that several in one process, as in tests, do
 * not share stores by accident.
 */
export class StoreRegistry implements OnApplicationShutdown {
  readonly #stores = new Map<string, Known>()
  readonly #own = new Set<AsyncStore>()

  /** Opens a store, which is closed with the application, or takes one that is given, which is not. */
  open(options: StoreOptions): AsyncStore {
    const { store, isOwn } = openConfiguredStore(options)
    if (isOwn) this.#own.add(store)
    return store
  }

  /**
   * Makes a store known by its name, with the options of the responses that stand in it.
   *
   * @throws TypeError when another store has this name
   */
  register(name: string, store: AsyncStore, options: ResponsesOptions): void {
    if (this.#stores.has(name)) {
      throw new TypeError(
        `Cannot register the store ${quote(name)} of DiskCacheModule twice: give the second one another name, ` +
          'or call forRoot() once and import what it returns everywhere',
      )
    }
    this.#stores.set(name, { store, options })
  }

  /**
   * Returns the store of this name.
   *
   * @throws TypeError when there is none
   */
  get(name: string): AsyncStore {
    return this.#known(name).store
  }

  /**
   * Returns the cache of the responses in the store of this name.
   *
   * @throws TypeError when there is none, or for an illegal option
   */
  responses(name: string): HttpCache {
    const known = this.#known(name)
    known.responses ??= openResponses(known.store, known.options)
    return known.responses
  }

  /** Removes the entries of a store that have one of the tags, and the responses that do, also those that are being made. */
  async evict(name: string, tags: Tags): Promise<void> {
    await Promise.all([this.get(name).evict(tags), this.responses(name).purge({ tags: responseTags(tags) })])
  }

  /**
   * Closes the stores that were opened here. The server has been closed by now, so that no request needs a store any
   * more; and other modules have run this hook.
   */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Array.from(this.#stores.values(), ({ responses }) => responses?.close()))
    await Promise.all(Array.from(this.#own, (store) => store.close()))
  }

  #known(name: string): Known {
    const known = this.#stores.get(name)
    if (known !== undefined) return known
    const names = [...this.#stores.keys()].map(quote).join(', ') || 'none'
    throw new TypeError(
      `Cannot find the ${getStoreToken(name)}: there is ${names}; import DiskCacheModule.forRoot({ name: ${quote(name)}, … })`,
    )
  }
}
