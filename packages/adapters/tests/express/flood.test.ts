import { directoryTest as test } from '@diskcache/testkit'
import type { Express } from 'express'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { Application } from './application.ts'

/** Of 4,000 made-up URLs within a second, about 600 find room. */
const FLOOD = { sizeLimit: 4 * 1024 ** 2, rounds: 200, urls: 20, roundTime: 5 }

// Longer than other tests: it makes 4,200 requests.
const LONG = { timeout: 120_000 }

test(
  'cacheResponses() keeps what is asked for all the time beside 4,000 made-up URLs',
  LONG,
  async ({ directory }) => {
    const runs = { page: 0, other: 0 }
    let time = Date.now()
    const options = { storeTimeout: 20_000, clock: () => time, cache: { sizeLimit: FLOOD.sizeLimit } }
    const cache = cacheResponses(directory, options)
    await using app = await Application.start({
      cache,
      handlers: (app) =>
        app.get('/', (req, res) => {
          runs[Object.keys(req.query).length === 0 ? 'page' : 'other']++
          res.set('Cache-Control', 'max-age=3600').send('x'.repeat(5_000))
        }),
    })
    for (let round = 0; round < FLOOD.rounds; round++) {
      time += FLOOD.roundTime
      const made = Array.from({ length: FLOOD.urls }, (_, at) => `/?made-up=${round}-${at}`)
      await Promise.all(['/', ...made].map((path) => app.ask(path)))
    }
    // By now nothing is in memory any more.
    time += 6_000
    await app.ask('/')
    await cache.close()
    expect(runs).toEqual({ page: 1, other: 4_000 })
  },
)

/** A page with variants, and how often those of honest clients were made. */
function languages(maxAge: string): { readonly runs: Record<string, number>; handlers(app: Express): void } {
  const runs: Record<string, number> = {}
  const handlers = (app: Express) =>
    app.get('/', (req, res) => {
      const language = String(req.headers['accept-language'])
      if (!language.startsWith('made-up')) runs[language] = (runs[language] ?? 0) + 1
      res.set('Cache-Control', maxAge).vary('Accept-Language').send(language)
    })
  return { runs, handlers }
}

/** A request of any process, under one host. */
function asking(language: string) {
  return { headers: { host: 'shop.example', 'accept-language': language } }
}

/** Rounds of a tenth of a second, in which the page is asked for once, and each of 17 made-up values twice. */
const ROUNDS = 200

const PAGES = [
  { maxAge: 'max-age=1', most: 40 },
  { maxAge: 'max-age=2', most: 20 },
  { maxAge: 'max-age=60', most: 2 },
  { maxAge: 'max-age=1, stale-while-revalidate=2', most: 40 },
]

// The test command has to be quick.
for (const { maxAge, most } of process.env.DISKCACHE_ALL_PLATFORMS ? PAGES : PAGES.slice(1, 2))
  for (const processes of [1, 2])
    test(
      `cacheResponses() keeps a page with ${maxAge} beside a flood of 17 variants, processes: ${processes}`,
      LONG,
      async ({ directory }) => {
        let time = Date.now()
        const { runs, handlers } = languages(maxAge)
        await using stack = new AsyncDisposableStack()
        const start = async () => {
          const options = { storeTimeout: 20_000, clock: () => time }
          const cache = stack.use(cacheResponses(directory, options))
          return stack.use(await Application.start({ cache, handlers }))
        }
        const own = await start()
        const other = processes === 1 ? own : await start()
        const flood = Array.from({ length: 17 }, (_, at) => asking(`made-up-${at}`))
        await own.ask('/', asking('de'))
        for (let round = 0; round < ROUNDS; round++) {
          time += 100
          await Promise.all([...flood, ...flood].map((one) => other.ask('/', one)))
          await own.ask('/', asking('de'))
        }
        expect(runs.de).toBeLessThanOrEqual(most)
        // A further variant finds a place, when nobody asks for the others any more.
        for (let round = 0; round < 60; round++) {
          time += 5_000
          await own.ask('/', asking('fr'))
        }
        const fr = await own.ask('/', asking('fr'))
        expect(fr.cache).toMatch(/hit/)
      },
    )
