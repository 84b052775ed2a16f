import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'
import type { CacheResponses } from '../../src/web/index.ts'
import { page, requestOf, statusOf, webTest as test, URL_OF_PAGE } from './web-test.ts'

const STALE = { 'Cache-Control': 'public, max-age=60, stale-while-revalidate=60' }

/** What a user sends that says who they are, though the response is for all. */
const OF_ALICE = { 'user-agent': 'Alice', 'x-real-ip': '203.0.113.7', accept: 'text/html' }

test('wrap() makes a stale response anew by a request of nobody', async ({ newCache, activity, clock }) => {
  const seen: [Record<string, string>, unknown[]][] = []
  const handle = newCache().wrap((request: Request, ...rest: [object, object?]) => {
    seen.push([Object.fromEntries(request.headers), rest])
    return page(`run ${seen.length}`, STALE)
  })
  const context = { params: { id: '1' }, remoteAddr: '203.0.113.7' }
  await (await handle(requestOf(OF_ALICE), { incoming: 'socket' }, context)).text()
  await activity.settled()
  clock.advance(61_000)
  const stale = await handle(requestOf(OF_ALICE), { incoming: 'socket' }, context)
  expect([await stale.text(), statusOf(stale)]).toEqual(['run 1', 'diskcache; hit; ttl=-1'])
  await refreshed(seen)
  await activity.settled()
  const [headers, rest] = seen[1] as [Record<string, string>, unknown[]]
  expect(headers).not.toHaveProperty('x-real-ip')
  expect(headers.accept).toBe('text/html')
  expect(rest).toEqual([{ params: { id: '1' } }])
  expect(await (await handle(requestOf(), {})).text()).toBe('run 2')
})

test('wrap() gives the handler in the background what refreshArguments says', async ({
  newCache,
  activity,
  clock,
}) => {
  const seen: unknown[][] = []
  const handle = newCache().wrap(
    (_request: Request, ...rest: [{ DATABASE: string; client: string }]) => {
      seen.push(rest)
      return page('page', STALE)
    },
    { refreshArguments: ({ DATABASE }) => [{ DATABASE, client: '' }] },
  )
  await handle(requestOf(), { DATABASE: 'one', client: 'alice' })
  await activity.settled()
  clock.advance(61_000)
  await handle(requestOf(), { DATABASE: 'one', client: 'alice' })
  await refreshed(seen)
  expect(seen[1]).toEqual([{ DATABASE: 'one', client: '' }])
})

test('wrap() asks in the background with a request of the same class', async ({
  newCache,
  activity,
  clock,
}) => {
  class NextRequest extends Request {}
  const seen: Request[] = []
  const handle = newCache().wrap((request: NextRequest) => {
    seen.push(request)
    return page('page', STALE)
  })
  await handle(new NextRequest(URL_OF_PAGE))
  await activity.settled()
  clock.advance(61_000)
  await handle(new NextRequest(URL_OF_PAGE))
  await refreshed(seen)
  expect(seen[1]).toBeInstanceOf(NextRequest)
})

test('an error in the background changes nothing, and is told', async ({ newCache, activity, clock }) => {
  const told: unknown[] = []
  const problem = new Error('it fails')
  let runs = 0
  const handle = newCache({ onError: (error) => told.push(error) }).wrap(() => {
    if (++runs > 1) throw problem
    return page('old', STALE)
  })
  await handle(requestOf())
  await activity.settled()
  clock.advance(61_000)
  expect(await (await handle(requestOf())).text()).toBe('old')
  while (told.length === 0) await turn()
  expect(told[0]).toBe(problem)
})

test('close() ends a request in the background that hangs', async ({ newCache, activity, clock }) => {
  const cache = newCache()
  let runs = 0
  const handle = cache.wrap(() => (++runs > 1 ? new Promise<Response>(() => {}) : page('page', STALE)))
  await handle(requestOf())
  await activity.settled()
  clock.advance(61_000)
  await handle(requestOf())
  while (runs < 2) await turn()
  await cache.close()
})

test('an argument with waitUntil is told of what goes on: storing, and making anew', async ({
  newCache,
  activity,
  clock,
}) => {
  const handle = newCache().wrap((_request: Request, _env?: object, _context?: object) => page('page', STALE))
  const works: Promise<unknown>[] = []
  const context = { waitUntil: (work: Promise<unknown>) => void works.push(work) }
  await (await handle(requestOf(), {}, context)).text()
  expect(works).toHaveLength(1)
  for (const work of works) await work
  await activity.settled()
  expect(statusOf(await handle(requestOf()))).toBe('diskcache; hit; ttl=60')
  clock.advance(61_000)
  await handle(requestOf(), {}, context)
  expect(works).toHaveLength(2)
  for (const work of works) await work
  expect(statusOf(await handle(requestOf()))).toBe('diskcache; hit; ttl=60')
})

test('trustProxy takes scheme and host from the fields of a proxy', async ({ newCache, activity, clock }) => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'Shop.example, cdn.example' }
  const seen: string[] = []
  const ask = async (cache: CacheResponses, path: string) => {
    const handle = cache.wrap((request: Request) => {
      seen.push(Object.keys(Object.fromEntries(request.headers)).join())
      return page('page', STALE)
    })
    await handle(new Request(`http://10.0.0.1:3000${path}`, { headers }))
    await activity.settled()
    clock.advance(61_000)
    await handle(new Request(`http://10.0.0.1:3000${path}`, { headers }))
    await refreshed(seen)
  }
  const trusting = newCache({ trustProxy: true })
  await ask(trusting, '/a')
  expect(seen[1]).toContain('x-forwarded-for')
  await activity.settled()
  expect(await trusting.purge({ url: 'https://shop.example/a' })).toBe(true)
  const others = newCache()
  await others.wrap(() => page('page'))(new Request('http://10.0.0.1:3000/b', { headers }))
  await activity.settled()
  expect(await others.purge({ url: 'https://shop.example/b' })).toBe(false)
  expect(await others.purge({ url: 'http://10.0.0.1:3000/b' })).toBe(true)
})

async function refreshed(seen: readonly unknown[]): Promise<void> {
  while (seen.length < 2) await turn()
}
