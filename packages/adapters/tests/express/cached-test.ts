import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { directoryTest, type FakeClock } from '@diskcache/testkit'
import { expect } from 'vitest'
import { type CacheResponses, type CacheResponsesOptions, cacheResponses } from '../../src/express/index.ts'
import { Activity } from '../http/activity.ts'
import { Application, type ApplicationOptions } from './application.ts'

export interface StartOptions extends CacheResponsesOptions, Omit<ApplicationOptions, 'cache'> {
  /** Instead of the test's own. */
  readonly on?: AsyncStore
}

export interface Started {
  readonly app: Application
  readonly responses: CacheResponses
}

export type Start = (options: StartOptions) => Promise<Started>

/** A busy machine is no reason for a test to go past the cache; milliseconds. */
const PATIENT = { storeTimeout: 20_000, collapse: { timeout: 20_000 } }

/** A `test` with a store that is checked afterwards, and applications on it, with a clock that is told the time. */
export const cachedTest = directoryTest.extend<{ activity: Activity; store: Cache; start: Start }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  activity: async ({}, use) => {
    await use(new Activity())
  },
  store: async ({ directory, clock }, use) => {
    const store = new Cache(directory, { clock: clock.now, tagIndex: true })
    await use(store)
    await store.promises.close()
    expectSound(directory, clock)
  },
  start: async ({ store, activity, clock }, use) => {
    await using started = new AsyncDisposableStack()
    await use(async ({ version, compression, before, handlers, on = store.promises, ...options }) => {
      const responses = cacheResponses(activity.watch(on), { clock: clock.now, ...PATIENT, ...options })
      const given = { version, compression, before, handlers, cache: responses }
      const app = await Application.start(given as ApplicationOptions)
      started.use(responses)
      started.use(app)
      return { app, responses }
    })
  },
})

/** Also an hour later, when nothing can be under way any more. */
function expectSound(directory: string, clock: FakeClock): void {
  using store = new Cache(directory, { clock: () => clock.time + 3_600_000 })
  expect(store.check()).toEqual([])
}
