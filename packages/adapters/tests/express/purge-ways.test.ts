import type { Express } from 'express'
import { describe, expect } from 'vitest'
import type { PurgeRequest } from '../../src/express/index.ts'
import { type Started, cachedTest as test } from './cached-test.ts'

const HEADERS = { host: 'shop.example' }

/** Answers each path with the number of the run, and the tags that its query names. */
function counting(counted: { runs: number }, cacheControl: string) {
  return (app: Express) =>
    void app.use((req, res) => {
      res.set({ 'Cache-Control': cacheControl, 'Cache-Tag': String(req.query.tags ?? '') })
      res.send(String(++counted.runs))
    })
}

/** Returns which of the paths are asked for anew. */
async function anew({ app }: Started, paths: readonly string[]): Promise<string[]> {
  const answers: string[] = []
  for (const path of paths)
    if (!(await app.ask(path, { headers: HEADERS })).cache.includes('hit')) answers.push(path)
  return answers
}

const PATHS = ['/a', '/a?p=2', '/a?p=3', '/a/b', '/a%20b', '/ab?tags=x', '/c?tags=y', '/c?tags=x,z', '/%7Ed']

const WAYS: readonly (readonly [what: PurgeRequest, gone: readonly string[]])[] = [
  [{ url: 'http://shop.example/a' }, ['/a']],
  [{ url: 'http://SHOP.example:80/a?#top' }, ['/a']],
  [{ url: 'http://shop.example/a b' }, ['/a%20b']],
  [{ url: 'http://shop.example/~d' }, ['/%7Ed']],
  [{ url: 'http://shop.example/a', allQueries: true }, ['/a', '/a?p=2', '/a?p=3']],
  [{ url: 'http://shop.example/./a?p=9', allQueries: true }, ['/a', '/a?p=2', '/a?p=3']],
  [{ prefix: 'http://shop.example/a/' }, ['/a/b']],
  [{ prefix: 'http://shop.example/a?' }, ['/a', '/a?p=2', '/a?p=3', '/a/b', '/a%20b', '/ab?tags=x']],
  [{ prefix: 'http://SHOP.example' }, PATHS],
  [{ tag: 'x' }, ['/ab?tags=x', '/c?tags=x,z']],
  [{ tags: ['z', 'y'] }, ['/c?tags=y', '/c?tags=x,z']],
  [{ url: 'http://shop.example/e' }, []],
  [{ prefix: 'https://shop.example' }, []],
  [{ url: 'http://shop.example/e', allQueries: true }, []],
  [{ tags: ['e', 'f'] }, []],
]

describe('cacheResponses().purge()', () => {
  for (const [what, gone] of WAYS)
    for (const soft of [false, true])
      test(`removes by ${JSON.stringify(what)}, soft: ${soft}`, async ({ start, activity, clock }) => {
        const counted = { runs: 0 }
        const handlers = counting(counted, 'max-age=60, stale-while-revalidate=30, stale-if-error=30')
        const started = await start({ handlers })
        await anew(started, PATHS)
        await activity.settled()
        clock.advance(1)
        expect(await started.responses.purge({ ...what, soft })).toBe(gone.length > 0)
        clock.advance(1)
        if (soft) {
          const answers = await Promise.all(PATHS.map((path) => started.app.ask(path, { headers: HEADERS })))
          const stale = PATHS.filter((_path, at) => /ttl=-/.test(answers[at]?.cache ?? ''))
          expect(stale).toEqual(gone)
        } else {
          expect(await anew(started, PATHS)).toEqual(gone)
        }
        await activity.settled()
        expect(counted.runs).toBe(PATHS.length + gone.length)
        expect(await anew(started, PATHS)).toEqual([])
      })
})

for (const [what] of WAYS.slice(0, 11))
  for (const soft of [false, true])
    test(`a purge by ${JSON.stringify(what)} before the clock is set back keeps nothing from being stored, soft: ${soft}`, async ({
      start,
      activity,
      clock,
    }) => {
      const started = await start({ handlers: counting({ runs: 0 }, 'max-age=60') })
      await anew(started, PATHS)
      await activity.settled()
      clock.advance(1)
      await started.responses.purge({ ...what, soft })
      clock.advance(-600_000)
      expect(await anew(started, PATHS)).toEqual(PATHS)
      await activity.settled()
      expect(await anew(started, PATHS)).toEqual([])
    })

test('a soft purge reaches what was made before the clock was set back', async ({
  start,
  activity,
  clock,
}) => {
  const started = await start({ handlers: counting({ runs: 0 }, 'max-age=3600') })
  await anew(started, PATHS)
  await activity.settled()
  clock.advance(-600_000)
  await started.responses.purge({ url: 'http://shop.example/a', soft: true })
  clock.advance(600_001)
  expect(await anew(started, PATHS)).toEqual(['/a'])
})

for (const what of [
  { url: 'http://shop.example/' },
  { url: 'http://shop.example/', allQueries: true },
  { prefix: 'http://shop.example/' },
])
  for (const [soft, elapsed] of [
    [false, 1],
    [true, 1],
    [false, -60_000],
    [true, -60_000],
  ] as const)
    test(`purge() by ${JSON.stringify(what)} reaches what is being made, ${elapsed} ms on, soft: ${soft}`, async ({
      start,
      activity,
      clock,
    }) => {
      let runs = 0
      let meanwhile = async (): Promise<unknown> => undefined
      const { app, responses } = await start({
        handlers: (app) =>
          app.get('/', async (_req, res) => {
            if (++runs === 1) clock.advance(elapsed)
            await meanwhile()
            clock.advance(1)
            res.set('Cache-Control', 'max-age=60').send('page')
          }),
      })
      meanwhile = () => responses.purge({ ...what, soft })
      for (let i = 0; i < 2; i++) {
        await app.ask('/', { headers: HEADERS })
        await activity.settled()
      }
      expect(runs).toBe(2)
    })

test('purge() leaves what is stale by it for the case that the application fails, for as long as it says', async ({
  start,
  activity,
  clock,
}) => {
  let fails = false
  const { app, responses } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => {
        res.set('Cache-Control', 'max-age=60, stale-if-error=30')
        res.status(fails ? 500 : 200).send(fails ? 'failure' : 'page')
      }),
  })
  await app.ask('/', { headers: HEADERS })
  await activity.settled()
  clock.advance(1)
  await responses.purge({ url: 'http://shop.example/', soft: true })
  fails = true
  const texts: string[] = []
  for (const time of [29_999, 1]) {
    clock.advance(time)
    texts.push((await app.ask('/', { headers: HEADERS })).text)
    await activity.settled()
  }
  expect(texts).toEqual(['page', 'failure'])
})

test('list() leaves out what a purge of its path has removed', async ({ start, activity, clock }) => {
  const { app, responses } = await start({ handlers: counting({ runs: 0 }, 'max-age=60') })
  for (const path of ['/a?b', '/c']) await app.ask(path, { headers: HEADERS })
  await activity.settled()
  clock.advance(1)
  await responses.purge({ url: 'http://shop.example/a', allQueries: true })
  const urls = await Array.fromAsync(responses.list(), ({ url }) => url)
  expect(urls).toEqual(['http://shop.example/c'])
})
