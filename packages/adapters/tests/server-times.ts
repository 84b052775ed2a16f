import type { AsyncStore } from '@diskcache/core'
import * as flexible from 'rate-limiter-flexible'
import { Agent, interceptors, request } from 'undici'
import { createStorage } from 'unstorage'
import type { ExpectStatic } from 'vitest'
import { createRateLimiter, limitRequests, RateLimitStore } from '../src/rate-limit/index.ts'
import { SessionStore } from '../src/session/index.ts'
import { UndiciCacheStore } from '../src/undici/index.ts'
import { diskcacheDriver } from '../src/unstorage/index.ts'
import { outcome } from './rate-limit/rate-limiter-suite.ts'
import { serving } from './rate-limit/serving.ts'
import { PATIENT, promised, sessionOf } from './session/session-test.ts'
import { Origin } from './undici/origin.ts'

const POLL = { timeout: 20_000, interval: 100 }

/** What expires is gone after a real while, for stores whose time no test can move: no longer than a second each. */
export const SERVER_TIMES: Readonly<
  Record<string, (store: AsyncStore, expect: ExpectStatic) => Promise<void>>
> = {
  async 'an item of unstorage'(store, expect) {
    const storage = createStorage({ driver: diskcacheDriver(store, PATIENT) })
    await storage.setItem('short', 1, { ttl: 1 })
    await storage.setItem('long', 1, { ttl: 60 })
    expect(await storage.getMeta('short')).toEqual({ ttl: 1 })
    await expect.poll(() => storage.hasItem('short'), POLL).toBe(false)
    expect(await storage.getKeys()).toEqual(['long'])
  },

  async 'a session whose cookie expires, unless it is touched'(store, expect) {
    const sessions = promised(new SessionStore(store, PATIENT))
    for (const sid of ['ada', 'grace']) await sessions.set(sid, sessionOf({ visits: 1 }, 1_000))
    await sessions.touch('ada', sessionOf({ visits: 2 }, 60_000))
    await expect.poll(() => sessions.get('grace'), POLL).toBeUndefined()
    expect(await sessions.get('ada')).toMatchObject({ visits: 1 })
  },

  async 'a window of express-rate-limit'(store, expect) {
    const limit = new RateLimitStore(store, PATIENT)
    limit.init({ windowMs: 1_000 })
    expect((await limit.increment('ada')).totalHits).toBe(1)
    await expect.poll(() => limit.get('ada'), POLL).toBeUndefined()
    expect((await limit.increment('ada')).totalHits).toBe(1)
  },

  async 'the points of rate-limiter-flexible'(store, expect) {
    const limiter = createRateLimiter(flexible, store, { points: 1, duration: 1, ...PATIENT })
    expect(await outcome(limiter.consume('ada'))).toMatchObject({ 0: 'resolved' })
    await expect.poll(() => limiter.get('ada'), POLL).toBeNull()
    expect(await outcome(limiter.consume('ada'))).toMatchObject({ 0: 'resolved' })
  },

  async 'a request that was refused'(store, expect) {
    const limit = limitRequests(store, { name: 'api', count: 1, per: 1_000 })
    await using server = await serving((req, res) => limit(req, res, () => res.end('Hello')))
    const ask = async () => (await fetch(server.origin)).status
    expect(await ask()).toBe(200)
    await expect.poll(ask, POLL).toBe(429)
    await expect.poll(ask, POLL).toBe(200)
  },

  async 'a response of undici, which is revalidated then'(store, expect) {
    await using origin = await new Origin({
      '/page': ({ headers }, response) => {
        response.setHeader('ETag', '"v1"').setHeader('Cache-Control', 'max-age=1')
        if (headers['if-none-match'] === '"v1"') response.writeHead(304).end()
        else response.end('page')
      },
    }).listen()
    await using cache = new UndiciCacheStore(store, { storeTimeout: 10_000 })
    const agent = new Agent()
    const dispatcher = agent.compose(interceptors.cache({ store: cache }))
    const ask = async () => {
      const { body } = await request(origin.url('/page'), { dispatcher })
      return [await body.text(), origin.runs['/page']]
    }
    expect(await ask()).toEqual(['page', 1])
    await expect.poll(ask, POLL).toEqual(['page', 2])
    await agent.destroy()
  },
}
