import { checkOptions, quote } from '@diskcache/core'
import type { RequestHandler } from 'express'
import { parseTarget } from '../http/rules/target.ts'
import { ResponseStore } from '../http/storing/response-store.ts'
import { StoreBreaker } from '../http/storing/store-breaker.ts'
import { openStore, type StoreSource } from '../open-store.ts'
import { type CacheResponsesOptions, checkTag, resolveOptions } from './options.ts'
import { ResponseCache } from './response-cache.ts'

/** What `purge` removes: the responses of an absolute URL, or those with a tag. */
export type PurgeRequest = { readonly url: string } | { readonly tag: string }

/** A response as the cache has it. */
export interface StoredResponse {
  readonly url: string
  readonly status: number
  /** Bytes of the body. */
  readonly size: number
  readonly tags: readonly string[]
  /** Since when, and until when it is fresh; epoch milliseconds. */
  readonly storedAt: number
  readonly freshUntil: number
  /** How often this process has answered with it. */
  readonly hits: number
}

/** The middleware, and what an application may do with its cache. */
export interface CacheResponses extends RequestHandler, AsyncDisposable {
  /**
   * Removes responses, for all processes, also those that are being made just now; whether there was one. Unlike the
   * middleware, it rejects when the store fails.
   */
  purge(what: PurgeRequest): Promise<boolean>
  /** The stored responses. Reads the whole store: a thing for a page that an administrator looks at. */
  list(): AsyncIterableIterator<StoredResponse>
  /** Requests from now on go past the cache. Closes the store, if it was opened here. */
  close(): Promise<void>
}

/**
 * Keeps the responses of an application, for all processes that use the same store: Express middleware, a shared cache
 * after RFC 9111. Only what says that it may be shared and how long it is fresh is stored; with `ttl`, also what says
 * nothing. What could be meant for one user never is.
 *
 * @throws TypeError, RangeError for an unknown or illegal option
 * @example
 * app.get('/products', cacheResponses('/var/cache/shop'), (req, res) => {
 *   res.set('Cache-Control', 'public, max-age=60').json(products)
 * })
 */
export function cacheResponses(source: StoreSource, options: CacheResponsesOptions = {}): CacheResponses {
  const settings = resolveOptions(options)
  const isDirectory = typeof source === 'string'
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

/** What the channel of errors is told. */
function nameOf(source: StoreSource): string | undefined {
  if (typeof source === 'string') return source
  return 'directory' in source ? source.directory : undefined
}
