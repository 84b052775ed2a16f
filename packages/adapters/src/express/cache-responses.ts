import { checkOptions, directoryPath, isPath, quote } from '@diskcache/core'
import type { RequestHandler } from 'express'
import { parseTarget } from '../http/rules/target.ts'
import { ResponseStore } from '../http/storing/response-store.ts'
import { StoreBreaker } from '../http/storing/store-breaker.ts'
import { openStore, type StoreSource } from '../open-store.ts'
import { type CacheResponsesOptions, checkTag, resolveOptions } from './options.ts'
import { ResponseCache } from './response-cache.ts'

/** What `purge` removes: the responses of an absolute URL, or those with a tag. */
export type PurgeRequest =
  | {
      /** An absolute URL, as the cache sees it: all its variants are removed. */
      readonly url: string
    }
  | {
      /** A label of `Cache-Tag` or of the option `tags`. */
      readonly tag: string
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

/** The middleware, and what an application may do with its cache. `await using` closes it. */
export interface CacheResponses extends RequestHandler, AsyncDisposable {
  /**
   * Removes responses, for all processes, also those that are being made just now. Returns whether there was one.
   * Unlike the middleware, this rejects when the store fails.
   *
   * @throws TypeError for something that is neither an absolute URL nor a tag, or both at once
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  purge(what: PurgeRequest): Promise<boolean>
  /**
   * Iterates over the stored responses, expired ones left out. Reads the whole store: for a page that an administrator
   * looks at.
   */
  list(): AsyncIterableIterator<StoredResponse>
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
  const settings = resolveOptions(options)
  const isDirectory = isPath(source)
  if (!isDirectory && options.cache !== undefined) {
    throw new TypeError(
      'Cannot use cache beside a store: it is for a directory; give these options to the store',
    )
  }
  const { store, isOwn } = openStore(source, isDirectory ? settings.cache : {})
  const breaker = new StoreBreaker(nameOf(source), settings.timeout)
  const rows = new ResponseStore(store, settings.name, settings.now)
  const responses = new ResponseCache(rows, breaker, settings)

  const handler: RequestHandler = (req, res, next) => responses.handle(req, res, next)
  const purge = async (what: PurgeRequest) => {
    checkOptions('what is to be purged', what, ['url', 'tag'])
    if ('tag' in what && 'url' in what)
      throw new TypeError('Cannot purge both at once: expected either url or tag')
    return 'tag' in what ? purgeTag(what.tag) : purgeUrl(what.url)
  }
  const purgeTag = (tag: string) => rows.purgeTag(checkTag('tag', tag), {})
  const purgeUrl = (url: string) => rows.purgeTarget(targetOfUrl(url), {})
  const targetOfUrl = (url: string) => {
    const target = typeof url === 'string' ? parseTarget(url, settings.target) : undefined
    if (target !== undefined) return target
    throw new TypeError(`Cannot use url: expected one such as 'https://example.com/path', got ${quote(url)}`)
  }
  const close = async () => {
    await responses.close()
    if (isOwn) await store.close()
  }
  return Object.assign(handler, {
    purge,
    list: () => listOf(rows, responses),
    close,
    [Symbol.asyncDispose]: close,
  })
}

async function* listOf(rows: ResponseStore, responses: ResponseCache): AsyncGenerator<StoredResponse> {
  for await (const { id, row } of rows.list()) {
    const { url, status, size, tags, policy } = row
    const { receivedAt: storedAt, lifetime, initialAge } = policy
    const freshUntil = storedAt + lifetime - initialAge
    yield { url, status, size, tags, storedAt, freshUntil, hits: responses.hits.of(id) }
  }
}

/** Returns what the channel of errors calls the store. */
function nameOf(source: StoreSource): string | undefined {
  if (isPath(source)) return directoryPath(source)
  return 'directory' in source ? source.directory : undefined
}
