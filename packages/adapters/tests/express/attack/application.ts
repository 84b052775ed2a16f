import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import express, { type NextFunction, type Request, type Response } from 'express'
import { role } from '../../../../cache/tests/processes/role.ts'
import { cacheResponses } from '../../../src/express/index.ts'
import { LARGE, PAGES, type Page, type PageHead, STALE_IF_ERROR } from './pages.ts'

export interface ApplicationJob {
  readonly directory: string
  /** Gets the number of the port. */
  readonly portFile: string
}

/** What the application has done. */
export interface Work {
  /** How often handlers of pages have run. */
  readonly runs: number
  /** How often they have failed. */
  readonly failures: number
  /** The processor time that was used while it answered, in milliseconds. */
  readonly processor: number
}

/** How long a page takes, in milliseconds: as a query of a database does, without the processor. */
const PAGE_MS = 20

/** How long a report takes, in milliseconds. */
const REPORT_MS = 3_000

const PART = Buffer.alloc(65_536, 'x')

const work = { runs: 0, failures: 0 }

role<ApplicationJob, Work>(async ({ directory, portFile }, barrier) => {
  const cache = cacheResponses(directory)
  const server = createServer(application(cache))
  // Or an answer might cross with the end of its connection.
  server.keepAliveTimeout = 3_600_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  writeFileSync(portFile, String((server.address() as AddressInfo).port))
  await barrier()
  const before = process.cpuUsage()
  // At the second one all clients have done.
  await barrier()
  const { user, system } = process.cpuUsage(before)
  server.closeAllConnections()
  server.close()
  await cache.close()
  return { ...work, processor: (user + system) / 1_000 }
})

function application(cache: express.RequestHandler): express.Express {
  const app = express()
  // As behind a proxy that passes on whatever its clients say.
  app.set('trust proxy', 'loopback')
  app.use(cache)
  for (const page of PAGES) {
    app.get(page.path, async (req, res) => void res.send((await make(page, req, res)).padEnd(page.size, 'x')))
    app.delete(page.path, (_req, res) => void res.sendStatus(401))
    app.all(page.path, (_req, res) => void res.sendStatus(405))
  }
  app.get(LARGE.path, async (req, res) => Readable.from(partsOf(await make(LARGE, req, res))).pipe(res))
  app.get('/own', async (_req, res) => {
    await delay(PAGE_MS)
    res.set('Cache-Control', 'no-store').send('x'.repeat(5_000))
  })
  app.get('/report', async (_req, res) => {
    await delay(REPORT_MS)
    res.set('Cache-Control', 'public, max-age=1').send('report')
  })
  app.post('/form', (req, res) => res.redirect(303, String(req.query.next)))
  app.use((_error: unknown, _req: Request, res: Response, _next: NextFunction) => void res.sendStatus(500))
  return app
}

/** Makes the first line of a page; fails for requests that no browser sends. */
async function make(page: Page, req: Request, res: Response): Promise<string> {
  work.runs++
  await delay(PAGE_MS)
  const language = req.headers['accept-language'] ?? ''
  if (req.headers['x-break'] !== undefined || req.headers.accept === 'crash') {
    work.failures++
    throw new Error('it fails')
  }
  const { maxAge, staleWhileRevalidate } = page
  const stale = `stale-while-revalidate=${staleWhileRevalidate}, stale-if-error=${STALE_IF_ERROR}`
  res.vary('Accept-Language').set('Cache-Control', `public, max-age=${maxAge}, ${stale}`).type('text')
  const head: PageHead = { path: page.path, language, host: req.host, made: Date.now() }
  return `${JSON.stringify(head)}\n`
}

/** Gives the long page in parts that cost nothing to make. */
function* partsOf(head: string): Generator<Buffer> {
  yield Buffer.from(head.padEnd(PART.byteLength, 'x'))
  for (let at = PART.byteLength; at < LARGE.size; at += PART.byteLength) yield PART
}
