import { once } from 'node:events'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { cacheResponses } from '@diskcache/adapters/express'
import { createKeyv } from '@diskcache/adapters/keyv'
import { Cached, DiskCacheModule, EvictTag } from '@diskcache/adapters/nest'
import { RateLimitStore } from '@diskcache/adapters/rate-limit'
import { SessionStore } from '@diskcache/adapters/session'
import { diskcacheDriver } from '@diskcache/adapters/unstorage'
import express from 'express'
import { job, tell } from '../../../recipes/tests/processes/job.ts'
import { RedisStore } from '../../src/index.ts'

export interface AdapterJob {
  readonly url: string
  readonly prefix: string
}

export interface AdapterRequest {
  readonly member: keyof typeof members
  readonly args: readonly unknown[]
}

/** Nest is what the adapters were built for, and no concern of this package. */
const { NestFactory } = createRequire(import.meta.resolve('@diskcache/adapters/package.json'))('@nestjs/core')

const { url, prefix } = await job<AdapterJob>()
const store = new RedisStore({ url, prefix })

// In place of a directory: the rest of this file is as it would be there.
const keyv = createKeyv<unknown>(store, { namespace: 'users' })
const driver = diskcacheDriver(store, { base: 'items', storeTimeout: 20_000 })
const responses = cacheResponses(store)
const sessions = new SessionStore(store)
const limits = new RateLimitStore(store, { storeTimeout: 20_000 })
limits.init({ windowMs: 3_600_000 })
const nestModule = DiskCacheModule.forRoot({ store })

/** How often each was made. */
const runs = { articles: 0, pages: 0 }

class Articles {
  async find(id: number): Promise<string> {
    runs.articles++
    return `article ${id}, made by ${process.pid}`
  }

  async change(_id: number): Promise<void> {}
}

decorate('find', Cached({ ttl: 60_000, tag: (id: number) => `article ${id}` }))
decorate(
  'change',
  EvictTag((id: number) => `article ${id}`),
)
class AppModule {}
const nest = await NestFactory.createApplicationContext(
  { module: AppModule, imports: [nestModule], providers: [Articles] },
  { logger: false },
)
const articles: Articles = nest.get(Articles)

const app = express()
app.use('/page', responses)
app.get('/page/:id', (request, response) => {
  runs.pages++
  response.set({ 'Cache-Control': 'public, max-age=60', 'Cache-Tag': 'pages' })
  response.send(`page ${request.params.id}, made by ${process.pid}`)
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

const members = {
  runs: async (what: keyof typeof runs) => runs[what],
  set: (key: string, value: unknown, ttl?: number) => keyv.set(key, value, ttl),
  get: (key: string) => keyv.get(key),
  list: async () => (keyv.iterator ? Array.fromAsync(keyv.iterator(undefined)) : []),
  clear: () => keyv.clear(),
  setItem: (key: string, value: unknown, ttl?: number) => driver.setItemRaw?.(key, value, { ttl }),
  getItem: (key: string) => driver.getItemRaw?.(key, {}),
  getMeta: (key: string) => driver.getMeta?.(key, {}),
  getKeys: (base: string) => driver.getKeys(base, {}),
  clearItems: (base: string) => driver.clear?.(base, {}),
  setSession: promisify(sessions.set.bind(sessions)),
  getSession: promisify((sid: string, callback: (error: unknown, session: unknown) => void) =>
    sessions.get(sid, callback),
  ),
  destroySession: promisify(sessions.destroy.bind(sessions)),
  countSessions: promisify(sessions.length.bind(sessions)),
  countHits: (client: string, times: number) =>
    Promise.all(Array.from({ length: times }, () => limits.increment(client))),
  hitsOf: (client: string) => limits.get(client),
  forgetHits: () => limits.resetAll(),
  find: (id: number) => articles.find(id),
  change: (id: number) => articles.change(id),
  fetch: fetchPage,
  purge: () => responses.purge({ tag: 'pages' }),
} as Record<string, (...args: never[]) => Promise<unknown>>

process.on('message', async ({ member, args }: AdapterRequest) => {
  try {
    tell({ result: await members[member]?.(...(args as never[])) })
  } catch (error) {
    tell({ error: String((error as Error).stack) })
  }
})
tell('ready')

/** Under a name that is the same for all processes, as behind a load balancer. */
async function fetchPage(path: string): Promise<string> {
  const asked = request({ host: '127.0.0.1', port, path, headers: { host: 'example.com' } }).end()
  const [response] = await once(asked, 'response')
  return text(response)
}

function decorate(name: 'find' | 'change', decorator: unknown): void {
  const apply = decorator as (
    target: object,
    name: string,
    descriptor: PropertyDescriptor,
  ) => PropertyDescriptor
  const descriptor = Object.getOwnPropertyDescriptor(Articles.prototype, name) as PropertyDescriptor
  Object.defineProperty(Articles.prototype, name, apply(Articles.prototype, name, descriptor))
}
