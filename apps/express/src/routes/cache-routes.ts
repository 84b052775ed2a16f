import type { CacheResponses } from '@diskcache/adapters/express'
import type { Cache } from '@diskcache/cache'
import { Router, urlencoded } from 'express'
import { cacheState } from '../cache-state.ts'
import { type CacheView, cacheContent } from '../pages/cache-content.ts'
import { cachePage } from '../pages/cache-page.ts'
import type { Traffic } from '../traffic.ts'

/** The page about the cache, and what its buttons do. */
export function cacheRoutes(parts: { cache: Cache; responses: CacheResponses; traffic: Traffic }): Router {
  const { cache, responses, traffic } = parts
  const router = Router()
  const view = async (): Promise<CacheView> => ({ state: await cacheState(responses, cache), traffic })

  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })

  router.get('/', async (_req, res) => {
    res.send(cachePage(await view()))
  })

  /** What the script of the page puts in it. */
  router.get('/content', async (_req, res) => {
    res.send(cacheContent(await view()).text)
  })

  router.post('/purge', urlencoded({ extended: false, limit: '10kb' }), async (req, res) => {
    const { url, tag }: { url?: unknown; tag?: unknown } = req.body ?? {}
    if (typeof url === 'string' && URL.canParse(url)) await responses.purge({ url })
    else if (typeof tag === 'string' && tag !== '') await responses.purge({ tag })
    else return void res.status(400).type('text').send('Expected url or tag')
    res.redirect(303, '/cache')
  })

  return router
}
