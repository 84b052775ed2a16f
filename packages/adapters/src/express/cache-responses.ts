import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StoreHealth } from '@diskcache/core'
import type { Request, Response } from 'express'
import { HttpCache, type StoredResponse } from '../http/http-cache.ts'
import type { HttpCacheOptions } from '../http/options/options.ts'
import type { PurgeRequest } from '../http/options/purge-request.ts'
import { NodeExchange } from '../node/node-exchange.ts'
import { serverAnswering } from '../node/own-request.ts'
import type { StoreSource } from '../store/open-store.ts'
import { applicationAnswering, isFromProxy } from './application.ts'

/** What {@link cacheResponses} stores, for whom, and how long a request waits. */
export type CacheResponsesOptions = HttpCacheOptions<Request, Response>

/** The middleware, and what an application may do with its cache. `await using` closes it. */
export interface CacheResponses extends AsyncDisposable {
  /**
   * Answers a request from the cache, or lets the application answer: in Express, and in all else that stands on
   * `node:http`. The types of the handlers behind it stay what they are.
   */
  (req: IncomingMessage, res: ServerResponse, next: () => void): void
  /**
   * Removes responses, for all processes, also those that are being made just now, or makes them stale. Returns whether
   * there was one. Unlike the middleware, this rejects when the store fails.
   *
   * @throws TypeError for something that is not exactly one of the ways, or a malformed URL or tag
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  purge(what: PurgeRequest): Promise<boolean>
  /**
   * Iterates over the stored responses, expired ones left out. Reads the whole store: for a page that an administrator
   * looks at.
   */
  list(): AsyncIterableIterator<StoredResponse>
  /**
   * Returns how the store does, as far as this process has noticed: while it is away, requests go past the cache at once.
   */
  health(): StoreHealth
  /**
   * Lets requests from now on go past the cache, and resolves when the answers that are complete have been stored.
   * Closes the store, if it was opened here.
   */
  close(): Promise<void>
}

/**
 * Keeps the responses of an Express 4 or 5 application, for all processes that use the same store: middleware that is a
 * shared cache after RFC 9111. Only a response that says that it may be shared and how long it is fresh is stored; with
 * `ttl`, also one that says nothing. A response that could be meant for one user never is. When the store fails, the
 * application answers without it, and the channel `diskcache:error` is told. `Cache-Status` says what was done (RFC
 * 9211).
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { once } from 'node:events'
 * import type { AddressInfo } from 'node:net'
 * import { cacheResponses } from '@diskcache/adapters/express'
 * import express from 'express'
 *
 * const app = express()
 * const cache = cacheResponses('cache-directory')
 * app.get('/products', cache, (_req, res) => {
 *   res.set({ 'Cache-Control': 'public, max-age=60', 'Cache-Tag': 'products' }).json(['lamp'])
 * })
 *
 * const server = app.listen(0)
 * await once(server, 'listening')
 * const { port } = server.address() as AddressInfo
 * const response = await fetch(`http://localhost:${port}/products`)
 * assert.deepEqual(await response.json(), ['lamp'])
 * assert.equal(await cache.purge({ tag: 'products' }), true)
 *
 * server.closeAllConnections()
 * server.close()
 * await cache.close()
 * ```
 */
export function cacheResponses(source: StoreSource, options: CacheResponsesOptions = {}): CacheResponses {
  const cache = new HttpCache(source, options)
  const handler = (req: IncomingMessage, res: ServerResponse, next: () => void) => {
    const [request, response] = [req as Request, res as Response]
    const answering = serverAnswering(req) ?? applicationAnswering(request)
    const how = { isFromProxy: isFromProxy(request), next, answering }
    cache.handle(new NodeExchange(request, response, how))
  }
  const close = () => cache.close()
  return Object.assign(handler, {
    purge: (what: PurgeRequest) => cache.purge(what),
    list: () => cache.list(),
    health: () => cache.health(),
    close,
    [Symbol.asyncDispose]: close,
  })
}
