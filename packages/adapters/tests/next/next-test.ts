import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AsyncStore, Store } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { expect, vi } from 'vitest'
import type { CachedFunctions } from '../../src/next/cached-functions.ts'
import type { CacheHandlerOptions } from '../../src/next/create-cache-handler.ts'
import { type CachedResponses, createCacheHandler, createUseCacheHandler } from '../../src/next/index.ts'
import type { CachedValue, CacheEntry } from '../../src/next/next-types.ts'
import { ENGINES } from '../unstorage/engines.ts'

export type Engine = (typeof ENGINES)[number]

export { ENGINES }

export const PATIENT = { storeTimeout: 20_000 }
const LIMIT = 4 * 1024 ** 2

/** A value of each kind, as Next stores it. */
export const VALUES = {
  APP_PAGE: {
    ...{
      kind: 'APP_PAGE',
      html: '<p>page</p>',
      rscData: Buffer.from([0, 255]),
      postponed: undefined,
      status: 200,
    },
    headers: { 'x-next-cache-tags': 'pages,_N_T_/layout,_N_T_/page', 'set-cookie': ['a', 'b'] },
    segmentData: new Map([
      ['/_tree', Buffer.from('tree')],
      ['/_index', Buffer.alloc(0)],
    ]),
  },
  APP_ROUTE: {
    ...{ kind: 'APP_ROUTE', body: Buffer.from([1, 2, 254]), status: 201 },
    headers: { 'content-type': 'image/png', 'x-next-cache-tags': 'pages' },
  },
  PAGES: {
    kind: 'PAGES',
    html: '<p>old</p>',
    pageData: { a: [1, null] },
    headers: undefined,
    status: undefined,
  },
  REDIRECT: { kind: 'REDIRECT', props: { pageProps: { __N_REDIRECT: '/', __N_REDIRECT_STATUS: 307 } } },
  FETCH: {
    ...{ kind: 'FETCH', revalidate: 31_536_000, tags: ['fetched'] },
    data: { headers: { a: 'b' }, body: 'Ym9keQ==', status: 200, url: 'http://example.com' },
  },
  IMAGE: {
    ...{
      kind: 'IMAGE',
      etag: 'e',
      upstreamEtag: 'u',
      buffer: Buffer.from([3]),
      extension: 'webp',
      revalidate: 60,
    },
  },
} as const satisfies Record<string, CachedValue & Record<string, unknown>>

/** Stores and asks for pages, as Next does. */
export const PAGE = { kind: 'APP_PAGE', isFallback: false }
export const LIFE = { cacheControl: { revalidate: 60, expire: 3_600 } }

/** The time by which Next tells how old something is. */
export function nowOfNext(): number {
  return performance.timeOrigin + performance.now()
}

/** An entry of `use cache` that was made now. */
export function entryOf(text: string, fields: Partial<CacheEntry> = {}): CacheEntry {
  const value = new Blob([text]).stream()
  const timestamp = nowOfNext()
  return { value, tags: ['used'], stale: 300, timestamp, expire: 3_600, revalidate: 900, ...fields }
}

/** Resolves to the text of an entry. */
export async function textOf(entry: CacheEntry | undefined): Promise<string | undefined> {
  return entry && new Response(entry.value).text()
}

/** A `test` with a store, which is checked afterwards, a build, and handlers on them, as each request of each process has. */
export function nextTest(engine: Engine) {
  return directoryTest.extend<{
    store: Store | AsyncStore
    build: { serverDistDir: string }
    request: (options?: CacheHandlerOptions) => CachedResponses
    functions: () => CachedFunctions
    advance: (milliseconds: number) => void
  }>({
    store: async ({ directory }, use) => {
      const store = engine.open(join(directory, 'cache'), LIMIT)
      await use(store)
      expect(await store.check()).toEqual([])
      await store.close()
    },
    build: async ({ directory }, use) => use(buildIn(join(directory, 'build'), 'id')),
    request: async ({ store, build }, use) =>
      use((options) => new (createCacheHandler(store, { ...PATIENT, ...options }))(build)),
    functions: async ({ store }, use) => use(() => createUseCacheHandler(store, PATIENT)),
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    advance: async ({}, use) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      await use((milliseconds) => vi.setSystemTime(Date.now() + milliseconds))
      vi.useRealTimers()
    },
  })
}

/** Makes what Next tells a handler of a build. */
export function buildIn(folder: string, id: string): { serverDistDir: string } {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'BUILD_ID'), id)
  return { serverDistDir: join(folder, 'server') }
}
