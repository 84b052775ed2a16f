import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { type CacheResponsesOptions, cacheResponses } from '../../src/fastify/index.ts'
import { Activity } from '../http/activity.ts'

/** What an application is made of. */
export interface AppOptions extends Partial<CacheResponsesOptions> {
  /** The options of Fastify. */
  readonly fastify?: FastifyServerOptions
  /** What is registered before the cache. */
  readonly before?: (app: FastifyInstance) => void
}

/** Makes an application with a cache on the test's store, and a clock that is told the time. */
export type NewApp = (options?: AppOptions) => Promise<FastifyInstance>

/** A busy machine is no reason for a test to go past the cache; milliseconds. */
const PATIENT = { storeTimeout: 20_000, collapse: { timeout: 20_000 } }

/** A `test` with a store that is checked afterwards, and applications on it. */
export const fastifyTest = directoryTest.extend<{ activity: Activity; store: AsyncStore; newApp: NewApp }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  activity: async ({}, use) => {
    await use(new Activity())
  },
  store: async ({ directory, clock, activity }, use) => {
    await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
    await use(activity.watch(store.promises))
  },
  newApp: async ({ store, clock }, use) => {
    const apps: FastifyInstance[] = []
    await use(async ({ fastify, before, ...options } = {}) => {
      const app = Fastify({ forceCloseConnections: true, ...fastify })
      apps.push(app)
      before?.(app)
      await app.register(cacheResponses, { store, clock: clock.now, ...PATIENT, ...options })
      return app
    })
    for (const app of apps) await app.close()
  },
})

/** Our member of `Cache-Status`. */
export function statusOf({ headers }: { headers: Record<string, unknown> }): unknown {
  return headers['cache-status']
}

export const FOR_ALL = 'public, max-age=60, stale-while-revalidate=60'
