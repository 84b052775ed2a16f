import express from 'express'
import { rateLimit } from 'express-rate-limit'
import { expect } from 'vitest'
import { limitRequests, RateLimitStore } from '../../src/rate-limit/index.ts'
import { CACHE, limitTest, PATIENT } from './limit-test.ts'
import { serving } from './serving.ts'

const test = limitTest(CACHE)
const WINDOW = 60_000

/** The one item of a list of RFC 9651: a string, and its parameters. */
function itemOf(field: string | null): [name: string, parameters: Record<string, string>] {
  const [, name, rest] = /^("[^"]*")((?:; *[a-z]+=[^;, ]+)*)$/.exec(`${field}`) as unknown as string[]
  const parameters = Array.from(rest!.matchAll(/; *([a-z]+)=([^;]+)/g), ([, key, value]) => [key, value])
  return [name!, Object.fromEntries(parameters)]
}

test('the fields are those of express-rate-limit by the draft of the standard', async ({
  store,
  advance,
}) => {
  advance(0)
  const app = express()
  app.get('/ours', limitRequests(store, { name: 'api', count: 2, per: WINDOW }))
  const standardHeaders = 'draft-8'
  const theirs = { store: new RateLimitStore(store, PATIENT), windowMs: WINDOW, limit: 2, identifier: 'api' }
  app.get('/theirs', rateLimit({ ...theirs, standardHeaders, legacyHeaders: false }))
  app.use((_, response) => void response.end('Hello'))
  await using server = await serving(app)
  const ask = async (path: string) => {
    const { status, headers } = await fetch(server.origin + path)
    const policy = itemOf(headers.get('RateLimit-Policy'))
    return { status, policy, quota: itemOf(headers.get('RateLimit')), retry: headers.get('Retry-After') }
  }

  for (const remaining of [1, 0, 0]) {
    const [ours, theirs] = [await ask('/ours'), await ask('/theirs')]
    // The key of the client, hashed, which the draft leaves to the server.
    delete theirs.policy[1].pk
    expect(ours.policy).toEqual(theirs.policy)
    expect(ours.policy).toEqual(['"api"', { q: '2', w: '60' }])
    expect(Object.keys(ours.quota[1])).toEqual(Object.keys(theirs.quota[1]))
    expect([ours.quota[1].r, theirs.quota[1].r]).toEqual([`${remaining}`, `${remaining}`])
    // A bucket gives its tokens back one by one, a window all at its end.
    expect([ours.quota[1].t, theirs.quota[1].t]).toEqual(['30', '60'])
    expect([ours.status, ours.retry === null]).toEqual([theirs.status, theirs.retry === null])
  }
})
