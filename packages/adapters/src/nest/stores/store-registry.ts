import { type AsyncStore, quote } from '@diskcache/core'
import type { OnApplicationShutdown } from '@nestjs/common'
import { openConfiguredStore, type StoreOptions } from './store-options.ts'
import { getStoreToken } from './store-token.ts'

/**
 * The token of an application's {@link StoreRegistry}, and the property under which Nest gives it to objects with
 * decorated methods. Nest quotes the description when there is none; `Symbol.for`, so that the ESM and the CommonJS
 * build share it.
 */
export const STORE_REGISTRY: unique symbol = Symbol.for(
  'stores of DiskCacheModule.forRoot() or forRootAsync(), which @Cached, @EvictTag and @CachedResponse use',
)

/**
 * The stores of one application, by name. Each application has its own, so that several in one process, as in tests, do
 * not share stores by accident.
 */
export class StoreRegistry implements OnApplicationShutdown {
  readonly #stores = new Map<string, AsyncStore>()
  readonly #own = new Set<AsyncStore>()

  /** Opens a store, which is closed with the application, or takes one that is given, which is not. */
  open(options: StoreOptions): AsyncStore {
    const { store, isOwn } = openConfiguredStore(options)
    if (isOwn) this.#own.add(store)
    return store
  }

  /**
   * Makes a store known by its name.
   *
   * @throws TypeError when another store has this name
   */
  register(name: string, store: AsyncStore): void {
    if (this.#stores.has(name)) {
      throw new TypeError(
        `Cannot register the store ${quote(name)} of DiskCacheModule twice: give the second one another name, ` +
          'or call forRoot() once and import what it returns everywhere',
      )
    }
    this.#stores.set(name, store)
  }

  /**
   * Returns the store of this name.
   *
   * @throws TypeError when there is none
   */
  get(name: string): AsyncStore {
    const store = this.#stores.get(name)
    if (store !== undefined) return store
    const known = [...this.#stores.keys()].map(quote).join(', ') || 'none'
    throw new TypeError(
      `Cannot find the ${getStoreToken(name)}: there is ${known}; import DiskCacheModule.forRoot({ name: ${quote(name)}, … })`,
    )
  }

  /**
   * Closes the stores that were opened here. The server has been closed by now, so that no request needs a store any
   * more; and other modules have run this hook.
   */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Array.from(this.#own, (store) => store.close()))
  }
}
