import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { type CacheResponses, type CacheResponsesOptions, cacheResponses } from '../../src/web/index.ts'
import { Activity } from '../http/activity.ts'

/** A cache of the test's store, with a clock that is told the time. */
export type NewCache = (options?: CacheResponsesOptions) => CacheResponses

/** A busy machine is no reason for a test to go past the cache; milliseconds. */
const PATIENT = { storeTimeout: 20_000, collapse: { timeout: 20_000 } }

/** A `test` with a store that is checked afterwards, and caches on it. */
export const webTest = directoryTest.extend<{ activity: Activity; newCache: NewCache }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  activity: async ({}, use) => {
    await use(new Activity())
  },
  newCache: async ({ directory, clock, activity }, use) => {
    await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
    await using caches = new AsyncDisposableStack()
    await use((options) =>
      caches.use(
        cacheResponses(activity.watch(store.promises), { clock: clock.now, ...PATIENT, ...options }),
      ),
    )
  },
})

export const URL_OF_PAGE = 'https://shop.example/page'

/** A request for a page. */
export function requestOf(headers: Record<string, string> = {}, init: RequestInit = {}): Request {
  return new Request(URL_OF_PAGE, { headers, ...init })
}

/** A page that everybody may have. */
export function page(body: BodyOf, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { 'Cache-Control': 'public, max-age=60', ...headers } })
}

type BodyOf = ConstructorParameters<typeof Response>[0]

/** Our member of `Cache-Status`. */
export function statusOf({ headers }: Response): string | null {
  return headers.get('cache-status')
}
