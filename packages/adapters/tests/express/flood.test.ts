import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { Application } from './application.ts'

// Longer than other tests: it makes 4,200 requests.
test('cacheResponses() keeps what is asked for all the time beside 4,000 made-up URLs', {
  timeout: 120_000,
}, async ({ directory }) => {
  const runs = { page: 0, other: 0 }
  const cache = cacheResponses(directory, { timeout: 20_000, cache: { sizeLimit: 4 * 1024 ** 2 } })
  await using app = await Application.start({
    cache,
    handlers: (app) =>
      app.get('/', (req, res) => {
        runs[Object.keys(req.query).length === 0 ? 'page' : 'other']++
        res.set('Cache-Control', 'max-age=3600').send('x'.repeat(5_000))
      }),
  })
  for (let round = 0; round < 200; round++) {
    const made = Array.from({ length: 20 }, (_, at) => `/?made-up=${round}-${at}`)
    await Promise.all(['/', ...made].map((path) => app.ask(path)))
  }
  await cache.close()
  expect(runs).toEqual({ page: 1, other: 4_000 })
})
