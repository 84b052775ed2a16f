import { pipeline } from 'node:stream/promises'
import type { CacheResponses } from '@diskcache/adapters/express'
import { json, type Response, Router } from 'express'
import { messagePage } from '../pages/message-page.ts'
import { printPage } from '../pages/print-page.ts'
import { printsPage } from '../pages/prints-page.ts'
import { picture } from '../pictures/picture.ts'
import { share } from '../share.ts'
import type { Catalogue } from '../shop/catalogue.ts'
import { salesReport } from '../shop/sales-report.ts'
import type { Sessions } from '../shop/sessions.ts'

/** What is on sale. Pages and data are the same for everybody, and change only here and by orders. */
export function shopRoutes(parts: ShopParts): Router {
  const router = Router()
  addPages(router, parts)
  addReport(router, parts)
  addPriceChange(router, parts)
  return router
}

interface ShopParts {
  readonly catalogue: Catalogue
  readonly sessions: Sessions
  readonly responses: CacheResponses
  readonly queryTime: number
}

function addPages(router: Router, { catalogue }: ShopParts): void {
  router.get('/', async (_req, res) => {
    const prints = await catalogue.list()
    share(res, ['pages', 'prices'])
    res.format({ html: () => res.send(printsPage(prints)), json: () => res.json(prints) })
  })

  router.get('/prints/:id', async (req, res) => {
    const print = await catalogue.find(req.params.id)
    if (print === undefined) return void notThere(res)
    share(res, ['pages', tagOf(print.id)])
    res.format({ html: () => res.send(printPage(print)), json: () => res.json(print) })
  })

  router.get('/prints/:id/picture.png', async (req, res) => {
    const print = await catalogue.find(req.params.id)
    if (print === undefined) return void notThere(res)
    const image = await picture(print)
    share(res, ['pictures'])
    res.type('png').send(image)
  })
}

function addReport(router: Router, { catalogue, queryTime }: ShopParts): void {
  router.get('/sales.csv', async (_req, res) => {
    const prints = await catalogue.list()
    share(res, ['prices'])
    res.type('csv')
    await pipeline(salesReport(prints, queryTime), res)
  })
}

function addPriceChange(router: Router, { catalogue, sessions, responses }: ShopParts): void {
  router.put('/prints/:id', json({ limit: '10kb' }), async (req, res) => {
    if ((await sessions.userOf(req)) === undefined)
      return void res.status(401).json({ error: 'Log in first' })
    const price: unknown = req.body?.price
    if (typeof price !== 'number' || !(price > 0))
      return void res.status(400).json({ error: 'Expected a price' })
    const print = await catalogue.reprice(req.params.id, price)
    if (print === undefined) return void res.status(404).json({ error: 'No such print' })
    await forgetPrint(responses, print.id)
    res.json(print)
  })
}

/** Purges what shows the price and the stock of a print, in all processes: the picture stays. */
export async function forgetPrint(responses: CacheResponses, id: string): Promise<void> {
  await Promise.all([responses.purge({ tag: tagOf(id) }), responses.purge({ tag: 'prices' })])
}

function tagOf(id: string): string {
  return `print:${id}`
}

function notThere(res: Response): void {
  res.status(404).set('Cache-Control', 'no-store').send(messagePage('Not found', 'There is no such print.'))
}
