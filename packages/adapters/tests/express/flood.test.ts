import { directoryTest as test } from '@diskcache/testkit'
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
