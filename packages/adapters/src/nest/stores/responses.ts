import type { HttpCache, StoredResponse } from '../../http/http-cache.ts'
import type { PurgeRequest } from '../../http/options/purge-request.ts'

/** The responses of `@CachedResponse` in a store, and what an application may do with them beside `@EvictTag`. */
export class Responses {
  readonly #open: () => HttpCache

  /** Nest makes it; an application injects it by `InjectResponses`. */
  constructor(open: () => HttpCache) {
    this.#open = open
  }

  /**
   * Removes responses, for all processes, also those that are being made just now, or makes them stale. Returns whether
   * there was one.
   *
   * @throws TypeError for something that is not exactly one of the ways, or a malformed URL or tag
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async purge(what: PurgeRequest): Promise<boolean> {
    return this.#open().purge(what)
  }

  /**
   * Iterates over the stored responses, expired ones left out. Reads the whole store: for a page that an administrator
   * looks at.
   */
  async *list(): AsyncGenerator<StoredResponse> {
    yield* this.#open().list()
  }
}
