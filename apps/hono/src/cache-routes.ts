import type { CacheResponses, StoredResponse } from '@diskcache/adapters/web'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type MiddlewareHandler } from 'hono'
import { html } from 'hono/html'

/** The page about the cache. */
export function cacheRoutes(cache: CacheResponses): Hono {
  const routes = new Hono()
  routes.use(loopbackOnly)

  routes.get('/', async (c) => {
    const rows = await Array.fromAsync(cache.list(), rowOf)
    return c.html(html`<!doctype html><meta charset="utf-8"><title>Cache</title><h1>Cache</h1>
      <table><tr><th>URL<th>Status<th>Bytes<th>Tags<th>Hits<th>${rows}</table>`)
  })

  routes.post('/purge', async (c) => {
    const { url } = await c.req.parseBody()
    if (typeof url !== 'string' || !URL.canParse(url)) return c.text('Which URL?', 400)
    await cache.purge({ url })
    return c.redirect('/cache', 303)
  })

  return routes
}

/** Not through a proxy, either. In an application of yours: the login of administrators. */
const loopbackOnly: MiddlewareHandler = async (c, next) => {
  const { address = '' } = getConnInfo(c).remote
  const isHere = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address)
  if (!isHere || c.req.header('x-forwarded-for') !== undefined) return c.text('For this machine alone', 403)
  await next()
}

function rowOf({ url, status, size, tags, hits }: StoredResponse) {
  return html`<tr><td>${url}<td>${status}<td>${size}<td>${tags.join(', ')}<td>${hits}<td>
    <form method="post" action="/cache/purge"><button name="url" value="${url}">Purge</button></form>`
}
