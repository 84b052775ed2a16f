import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { CacheResponses } from '../../src/web/index.ts'
import { requestOf, statusOf, webTest as test } from './web-test.ts'

/** After so many answers that were not storable, most are not looked at. */
const ENOUGH = 8

// By chance an answer is looked at all the same.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5))
afterEach(() => void vi.restoreAllMocks())

function own(): Response {
  return new Response('own', { headers: { 'Cache-Control': 'no-store' } })
}

/** Lets the cache learn that nothing of the route is storable. */
async function teach(cache: CacheResponses): Promise<void> {
  const handle = cache.wrap(own)
  for (let i = 0; i < ENOUGH; i++)
    expect(statusOf(await handle(requestOf()))).toMatch(/fwd=(uri-miss|bypass); detail=no-store$/)
}

test('wrap() returns at once what the handler does of a route remembered as not storable', async ({
  newCache,
}) => {
  const cache = newCache()
  await teach(cache)
  const read = vi.fn()
  const request = requestOf()
  Object.assign(request.headers, { [Symbol.iterator]: read })
  const response = own()
  const change = vi.spyOn(response.headers, 'set')
  expect(cache.wrap(() => response)(request)).toBe(response)
  const later = Promise.resolve(own())
  expect(cache.wrap(() => later)(requestOf())).toBe(later)
  expect([statusOf(response), read.mock.calls, change.mock.calls]).toEqual([null, [], []])
})

test('wrap() rejects with what the handler of such a route throws', async ({ newCache }) => {
  const cache = newCache()
  await teach(cache)
  const problem = new Error('it fails')
  const fail = (): Response => {
    throw problem
  }
  await expect(cache.wrap(fail)(requestOf())).rejects.toBe(problem)
  await expect(cache.wrap(() => Promise.reject(problem))(requestOf())).rejects.toBe(problem)
})

test('wrap() answers a request of such a route that is for caches alone', async ({ newCache }) => {
  const cache = newCache()
  await teach(cache)
  const refused = await cache.wrap(own)(requestOf({ 'cache-control': 'only-if-cached' }))
  expect(refused.status).toBe(504)
})

test("cacheStatus 'always' says of answers that are not looked at that they went past the cache", async ({
  newCache,
}) => {
  const cache = newCache({ cacheStatus: 'always' })
  await teach(cache)
  const route = cache.route({ ttl: 5_000 })
  for (const responder of [cache, route])
    for (let i = 0; i <= ENOUGH; i++)
      expect(statusOf(await responder.wrap(own)(requestOf()))).toMatch(/; detail=no-store$/)
})

test('cacheStatus is one of two words', ({ newCache }) => {
  expect(() => newCache({ cacheStatus: 'never' } as never)).toThrow(
    "Cannot use cacheStatus: expected one of 'judged', 'always', got 'never'",
  )
})
