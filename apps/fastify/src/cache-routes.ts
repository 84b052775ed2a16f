import type { StoredResponse } from '@diskcache/adapters/fastify'
import type { FastifyPluginAsync, onRequestHookHandler } from 'fastify'
import { escaped, page } from './page.ts'

/** The page about the cache, which is itself not cached. */
export const cacheRoutes: FastifyPluginAsync = async (app) => {
  app.addHook('onRequest', loopbackOnly)

  app.get('/', { config: { cache: false } }, async (_request, reply) => {
    const rows = await Array.fromAsync(app.responseCache.list(), rowOf)
    const head = '<tr><th>URL<th>Status<th>Bytes<th>Tags<th>Hits<th>'
    return reply.type('text/html').send(page('Cache', `<table>${head}${rows.join('')}</table>`))
  })

  app.post<{ Body: { url?: string } }>('/purge', { config: { cache: false } }, async ({ body }, reply) => {
    if (!URL.canParse(body.url ?? '')) return reply.code(400).send('Which URL?')
    await app.responseCache.purge({ url: body.url as string })
    return reply.redirect('/cache', 303)
  })
}

/** In an application of yours: the login of administrators. */
const loopbackOnly: onRequestHookHandler = ({ ip }, reply, done) => {
  if (['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(ip)) done()
  else reply.code(403).send('For this machine alone')
}

function rowOf({ url, status, size, tags, hits }: StoredResponse): string {
  const button = `<form method="post" action="/cache/purge"><button name="url" value="${escaped(url)}">Purge</button></form>`
  const cells = [escaped(url), status, size, escaped(tags.join(', ')), hits, button]
  return `<tr>${cells.map((cell) => `<td>${cell}`).join('')}`
}
