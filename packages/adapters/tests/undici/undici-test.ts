import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest } from '@diskcache/testkit'
import { inAsyncNamespace, MemoryStore } from '@diskcache/testkit/memory'
import { Agent, type Dispatcher, interceptors } from 'undici'
import { expect, vi } from 'vitest'
import { UndiciCacheStore } from '../../src/undici/undici-cache-store.ts'

export interface Engine {
  readonly name: string
  /** Whether its entries expire by the time of a server, which no test moves. */
  readonly isServer?: boolean
  open(directory: string): AsyncStore
}

const clock = () => Date.now()

export const CACHE: Engine = { name: 'Cache', open: (directory) => new Cache(directory, { clock }).promises }

export const ENGINES: readonly Engine[] = [
  CACHE,
  { name: 'FanoutCache', open: (directory) => new FanoutCache(directory, { shards: 2, clock }).promises },
  {
    name: 'Cache.promises.namespace()',
    open: (directory) =>
      inAsyncNamespace((directory, options) => new Cache(directory, options).promises)(directory, { clock }),
  },
  { name: 'MemoryStore', open: () => new MemoryStore({ clock, sizeLimit: 8 * 1024 ** 2 }) },
]

/**
 * A `test` with a store, which is checked afterwards, undici's cache on it, and the time of `Date`, which undici goes by:
 * it stands still between calls of `advance`.
 */
export function undiciTest(engine: Engine) {
  return directoryTest.extend<{
    store: AsyncStore
    cache: UndiciCacheStore
    dispatcher: Dispatcher
    advance: (milliseconds: number) => void
  }>({
    store: async ({ directory }, use) => {
      const store = engine.open(directory)
      await use(store)
      expect(await store.check()).toEqual([])
      await store.close()
    },
    cache: async ({ store }, use) => {
      const cache = new UndiciCacheStore(store, { storeTimeout: 10_000 })
      await use(cache)
      await cache.close()
    },
    dispatcher: async ({ cache }, use) => {
      const agent = new Agent()
      await use(agent.compose(interceptors.cache({ store: cache })))
      await agent.destroy()
    },
    advance: async ({ skip }, use) => {
      skip(engine.isServer === true, 'the time of a server cannot be moved')
      vi.useFakeTimers({ toFake: ['Date'] })
      await use((milliseconds) => vi.setSystemTime(Date.now() + milliseconds))
      vi.useRealTimers()
    },
  })
}
