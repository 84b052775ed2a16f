import { promisify } from 'node:util'
import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest } from '@diskcache/testkit'
import { inAsyncNamespace, MemoryStore } from '@diskcache/testkit/memory'
import type { SessionData } from 'express-session'
import { expect, vi } from 'vitest'
import type { SessionStore } from '../../src/session/index.ts'

export interface Engine {
  readonly name: string
  /** Whether its entries expire by the time of a server, which no test moves. */
  readonly isServer?: boolean
  open(directory: string): AsyncStore
}

const clock = () => Date.now()

export const CACHE: Engine = {
  name: 'Cache',
  open: (directory) => new Cache(directory, { clock, sizeLimit: 1_000_000 }).promises,
}

/** What the store of sessions is proven over. */
export const ENGINES: readonly Engine[] = [
  CACHE,
  {
    name: 'FanoutCache',
    open: (directory) => new FanoutCache(directory, { shards: 2, clock, sizeLimit: 2_000_000 }).promises,
  },
  {
    name: 'Cache.promises.namespace()',
    open: (directory) => inAsyncNamespace(CACHE.open)(directory, { clock }),
  },
  { name: 'MemoryStore', open: () => new MemoryStore({ clock }) },
]

/** A busy machine is no reason for a test to fail; milliseconds. */
export const PATIENT = { storeTimeout: 20_000 }

/** A `test` with a store, which is checked and closed after it, and with a time that stands still once it asks for `advance`. */
export function sessionTest(engine: Engine) {
  return directoryTest.extend<{ store: AsyncStore; advance: (milliseconds: number) => void }>({
    store: async ({ directory }, use) => {
      await using store = engine.open(directory)
      await use(store)
      expect(await store.check()).toEqual([])
    },
    advance: async ({ skip }, use) => {
      skip(engine.isServer === true, 'the time of a server cannot be moved')
      vi.useFakeTimers({ toFake: ['Date'] })
      await use((milliseconds) => vi.setSystemTime(Date.now() + milliseconds))
      vi.useRealTimers()
    },
  })
}

/** The operations of a store of sessions as promises. */
export function promised(sessions: SessionStore) {
  const get = promisify<string, SessionData | null | undefined>(sessions.get.bind(sessions) as never)
  const all = promisify<Record<string, SessionData>>(sessions.all.bind(sessions) as never)
  const length = promisify<number>(sessions.length.bind(sessions) as never)
  return {
    get,
    all,
    length,
    set: promisify(sessions.set.bind(sessions)),
    touch: promisify(sessions.touch.bind(sessions)),
    destroy: promisify(sessions.destroy.bind(sessions)),
    clear: promisify(sessions.clear.bind(sessions)),
  }
}

/** A session as express-session makes it: its cookie is valid for so long, or as long as the browser runs. */
export function sessionOf(data: object, maxAge: number | null = null): SessionData {
  const expires = maxAge === null ? null : new Date(Date.now() + maxAge)
  return { cookie: { originalMaxAge: maxAge, expires, httpOnly: true, path: '/' }, ...data }
}
