import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerNode, destinationOf } from '../inspector/server/http/node-door.ts'
import type { InspectorOptions } from '../inspector/server/inspector-options.ts'
import { type InspectedStore, storeInspector } from '../inspector/server/store-inspector.ts'

/** A middleware of Express and of all else that stands on `node:http` and has `(req, res, next)`. */
export type InspectorMiddleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void

/**
 * Returns the inspector as a middleware: a page that shows what is in a store. Mount it at a path of its own, behind
 * whatever lets in those who may see all of the store. It answers everything below that path. It only reads, unless
 * `changes` says otherwise, counts no reads, and never closes the store.
 *
 * @throws TypeError for something that is no store, and for an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { once } from 'node:events'
 * import type { AddressInfo } from 'node:net'
 * import { Cache } from '@diskcache/cache'
 * import { inspectCache } from '@diskcache/cli/express'
 * import express from 'express'
 *
 * const cache = new Cache('cache-directory')
 * const app = express()
 * app.use('/admin/cache', inspectCache(cache))
 *
 * const server = app.listen(0, '127.0.0.1')
 * await once(server, 'listening')
 * const { port } = server.address() as AddressInfo
 * const response = await fetch(`http://127.0.0.1:${port}/admin/cache/`)
 * assert.match(await response.text(), /<main>/)
 *
 * server.closeAllConnections()
 * server.close()
 * cache.close()
 * ```
 */
export function inspectCache(store: InspectedStore, options: InspectorOptions = {}): InspectorMiddleware {
  const inspector = storeInspector(store, options)
  return (req, res) => {
    const { url = '/', originalUrl } = req as IncomingMessage & { readonly originalUrl?: string }
    void answerNode(inspector, { req, res }, destinationOf(url, originalUrl))
  }
}
