import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { escaped, page } from './page.ts'
import type { Product, Shop } from './shop.ts'

/** Seconds for which caches may answer with a page. */
const FRESHNESS = 300

/** The pages of the shop, which are the same for everybody, and the form that sets a price. */
export const shopRoutes: FastifyPluginAsync<{ readonly shop: Shop }> = async (app, { shop }) => {
  app.get('/', async (_request, reply) => {
    const products = await shop.products()
    return share(reply, ['products']).send(page('Shop', `<ul>${products.map(itemOf).join('')}</ul>`))
  })

  app.get<{ Params: { id: string } }>('/products/:id', async ({ params: { id } }, reply) => {
    const product = await shop.product(id)
    if (product === undefined) return reply.callNotFound()
    return share(reply, [tagOf(id)]).send(page(product.name, formOf(product)))
  })

  app.post<{ Params: { id: string }; Body: { price?: string } }>('/products/:id', async (request, reply) => {
    const { id } = request.params
    const price = Number(request.body.price)
    if (!Number.isSafeInteger(price) || price < 0) return reply.code(400).send('A price is a number of cents')
    if ((await shop.product(id)) === undefined) return reply.callNotFound()
    await shop.setPrice(id, price)
    // What is cached of the product: its page, and the list. In all processes.
    await Promise.all([tagOf(id), 'products'].map((tag) => app.responseCache.purge({ tag })))
    return reply.redirect(`/products/${id}`, 303)
  })
}

/**
 * Lets shared caches keep a response, which `purge` finds by these tags. Browsers have to ask each time: no purge reaches
 * them.
 */
function share(reply: FastifyReply, tags: readonly string[]): FastifyReply {
  const control = `public, max-age=0, s-maxage=${FRESHNESS}, stale-while-revalidate=60`
  return reply.type('text/html').headers({ 'Cache-Control': control, 'Cache-Tag': tags.join(', ') })
}

function tagOf(id: string): string {
  return `product ${id}`
}

function itemOf({ id, name, price }: Product): string {
  return `<li><a href="/products/${id}">${escaped(name)}</a>, ${price} cents`
}

function formOf({ price }: Product): string {
  return `<form method="post"><input name="price" type="number" value="${price}"> cents <button>Set the price</button></form>`
}
