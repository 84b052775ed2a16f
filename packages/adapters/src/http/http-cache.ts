import { checkOptions, directoryPath, isPath, type StoreHealth, storeHealth } from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
import type { Exchange } from './exchange/exchange.ts'
import { given } from './options/given.ts'
import { type HttpCacheOptions, resolveOptions, type Settings } from './options/options.ts'
import { type OptionOfStores, refuseOptionsOfStores } from './options/options-of-stores.ts'
import { type PurgeRequest, purgeOf } from './options/purge-request.ts'
import { ResponseCache } from './serving/response-cache.ts'
import { ResponseStore } from './storing/response-store.ts'
import { StoreAccess } from './storing/store-access.ts'

/** What may be set for a route alone: the rest holds for a whole store. */
export type RouteOptions<Req = unknown, Res = unknown> = Omit<HttpCacheOptions<Req, Res>, OptionOfStores>

/** What {@link HttpCache.route} gives. */
export interface RouteCache<Req = unknown, Res = unknown> {
  /** Answers from the store, or lets the application answer, and stores what it may. Never throws. */
  handle(exchange: Exchange<Req, Res>): void
}

/** A response as the cache has it. */
export interface StoredResponse {
  /** The absolute URL, as the cache sees it. */
  readonly url: string
  /** The status code. */
  readonly status: number
  /** The length of the body in bytes. */
  readonly size: number
  /** The labels of `Cache-Tag` and of the option `tags`. */
  readonly tags: readonly string[]
  /** When the head of the response came, in epoch milliseconds. */
  readonly storedAt: number
  /** Until when the response is fresh, in epoch milliseconds. It may be served stale after that. */
  readonly freshUntil: number
  /** How often this process has answered with the response. */
  readonly hits: number
}

/**
 * A shared cache after RFC 9111 that knows no framework, for all processes that use the same store. An adapter makes an
 * {@link Exchange} of each request, and gives it to `handle`. `await using` closes it.
 *
 * Only a response that says that it may be shared and how long it is fresh is stored; with `ttl`, also one that says
 * nothing. A response that could be meant for one user never is. When the store fails, the application answers without it,
 * and the channel `diskcache:error` is told. `Cache-Status` says what was done (RFC 9211).
 */
export class HttpCache<Req = unknown, Res = unknown> implements AsyncDisposable {
  readonly #options: HttpCacheOptions<Req, Res>
  readonly #settings: Settings<Req, Res>
  readonly #rows: ResponseStore
  readonly #access: StoreAccess
  readonly #responses: ResponseCache
  /** With those of routes. */
  readonly #all: ResponseCache[] = []
  readonly #closeStore: () => Promise<void>

  /**
   * Takes a directory, in which it opens a `Cache`, or a store that is open, and that stays open.
   *
   * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
   */
  constructor(source: StoreSource, options: HttpCacheOptions<Req, Res> = {}) {
    this.#options = options
    this.#settings = resolveOptions(options)
    const isDirectory = isPath(source)
    const { store, isOwn } = openStore(source, isDirectory ? this.#settings.cache : {})
    if (!isDirectory && options.cache !== undefined) {
      throw new TypeError(
        'Cannot use cache beside a store: it is for a directory; give these options to the store',
      )
    }
    const { storeTimeout, name, now, onError } = this.#settings
    this.#access = new StoreAccess(store, { name: nameOf(source), storeTimeout, onError })
    this.#rows = new ResponseStore(store, name, now)
    this.#responses = this.#add(this.#settings)
    this.#closeStore = async () => {
      if (isOwn) await store.close()
    }
  }

  /** Answers from the store, or lets the application answer, and stores what it may. Never throws. */
  handle(exchange: Exchange<Req, Res>): void {
    this.#responses.handle(exchange)
  }

  /**
   * Returns a cache for a route with options of its own, beside those of this one: both share the store and the memory, and
   * `purge`, `list` and `close` of this one concern both.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or one that no route has for itself
   */
  route(options: RouteOptions<Req, Res>): RouteCache<Req, Res> {
    checkOptions('the options of a route', options, Object.keys(Object(options)))
    refuseOptionsOfStores(options, () => 'give it to the HttpCache')
    const responses = this.#add(resolveOptions({ ...this.#options, ...given(options) }))
    return { handle: (exchange) => responses.handle(exchange) }
  }

  /**
   * Returns how the store does, as far as this process has noticed: while it is away, requests go past the cache at once.
   */
  health(): StoreHealth {
    return storeHealth(this.#rows.store)
  }

  /**
   * Removes responses, for all processes, also those that are being made just now, or makes them stale. Returns whether
   * there was one. Unlike `handle`, this rejects when the store fails.
   *
   * @throws TypeError for something that is not exactly one of the ways, or a malformed URL or tag
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async purge(what: PurgeRequest): Promise<boolean> {
    const purge = purgeOf(what, this.#settings.target.query)
    const options = { soft: purge.soft }
    switch (purge.by) {
      case 'url':
        return this.#rows.purgeTarget(purge.target, options)
      case 'path':
        return this.#rows.purgePath(purge.target, options)
      case 'prefix':
        return this.#rows.purgePrefix(purge.target, options)
      case 'tags': {
        const found = await Promise.all(purge.tags.map((tag) => this.#rows.purgeTag(tag, options)))
        return found.includes(true)
      }
    }
  }

  /**
   * Iterates over the stored responses, expired ones left out. Reads the whole store: for a page that an administrator
   * looks at.
   */
  async *list(): AsyncGenerator<StoredResponse> {
    for await (const { id, row } of this.#rows.list()) {
      const { url, status, size, tags, policy } = row
      const { receivedAt: storedAt, lifetime, initialAge } = policy
      const freshUntil = storedAt + lifetime - initialAge
      yield { url, status, size, tags, storedAt, freshUntil, hits: this.#rows.hits.of(id) }
    }
  }

  /**
   * Lets requests from now on go past the cache, and resolves when the answers that are complete have been stored.
   * Answers that are complete only later are not stored. Closes the store, if it was opened here.
   */
  async close(): Promise<void> {
    this.#access.close()
    await Promise.all(this.#all.map((responses) => responses.close()))
    await this.#closeStore()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #add(settings: Settings<Req, Res>): ResponseCache {
    const responses = new ResponseCache(this.#rows, this.#access, settings as Settings)
    this.#all.push(responses)
    return responses
  }
}

/** Returns what the channel of errors calls the store. */
function nameOf(source: StoreSource): string | undefined {
  if (isPath(source)) return directoryPath(source)
  return 'directory' in source ? source.directory : undefined
}
