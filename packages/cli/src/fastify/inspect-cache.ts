import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { failureAnswer } from '../inspector/server/http/answers.ts'
import type { InspectorAnswer } from '../inspector/server/http/exchange.ts'
import { destinationOf, movedTo } from '../inspector/server/http/node-door.ts'
import { MOST_BODY_BYTES, tooLarge } from '../inspector/server/http/request-check.ts'
import type { InspectorOptions } from '../inspector/server/inspector-options.ts'
import { type InspectedStore, storeInspector } from '../inspector/server/store-inspector.ts'

/** Which store {@link inspectCache} shows, and what may be done to it. */
export interface InspectCacheOptions extends InspectorOptions {
  /** A store that is open, and that stays open. */
  readonly store: InspectedStore
}

/**
 * The inspector as a plugin: a page that shows what is in a store, below the `prefix` that it is registered with. Register
 * it in a scope whose hooks let in those who may see all of the store. It only reads, unless `changes` says otherwise,
 * counts no reads, and never closes the store.
 *
 * @throws TypeError for something that is no store, and for an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { inspectCache } from '@diskcache/cli/fastify'
 * import Fastify from 'fastify'
 *
 * const cache = new Cache('cache-directory')
 * const app = Fastify()
 * await app.register(inspectCache, { prefix: '/admin/cache', store: cache })
 *
 * const response = await app.inject('/admin/cache/')
 * assert.match(response.body, /<main>/)
 * await app.close()
 * cache.close()
 * ```
 */
export const inspectCache: FastifyPluginAsync<InspectCacheOptions> = async (fastify, options) => {
  const { store, prefix: _prefix, ...rest } = options as InspectCacheOptions & { readonly prefix?: string }
  const inspector = storeInspector(store, rest)

  // In this scope alone. A body that is no JSON is refused like one of another type, by the inspector.
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BODY_BYTES }, (_req, body, done) =>
    done(null, body),
  )
  fastify.setErrorHandler((error: FastifyError, _request, reply) => {
    // All else is the application's, such as what its hooks throw.
    if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
    return sendAnswer(reply, failureAnswer(tooLarge()))
  })

  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { raw, method, headers, body, params } = request
    const rest = (params as { readonly '*'?: string })['*'] ?? ''
    const { query, address } = destinationOf(raw.url ?? '/')
    const to = { path: `/${rest}`, query, address }
    const answer = movedTo(to) ?? (await inspector.answer({ method, ...to, headers, body }))
    return sendAnswer(reply, answer)
  }
  fastify.all('/*', handler)
  if (fastify.prefix !== '') fastify.all('', handler)
  fastify.addHook('onClose', async () => inspector.close())
}

function sendAnswer(reply: FastifyReply, { status, headers, body }: InspectorAnswer): FastifyReply {
  const bytes =
    typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length)
  return reply.code(status).headers(headers).send(bytes)
}
