import { Cache } from '@diskcache/cache'
import type { AsyncStore, Store } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { inNamespace, MemoryStore } from '@diskcache/testkit/memory'

export interface Engine {
  readonly name: string
  /** Whether its entries expire by the time of a server, which no test moves. */
  readonly isServer?: boolean
  open(directory: string, sizeLimit: number): Store | AsyncStore
}

const clock = (): number => Date.now()

/** What the driver is proven over; the time is that of `Date`. */
export const ENGINES: readonly Engine[] = [
  { name: 'Cache', open: (directory, sizeLimit) => new Cache(directory, { clock, sizeLimit }) },
  {
    name: 'FanoutCache',
    open: (directory, sizeLimit) =>
      new FanoutCache(directory, { shards: 2, clock, sizeLimit: 2 * sizeLimit }),
  },
  {
    name: 'Cache.namespace()',
    open: (directory, sizeLimit) =>
      inNamespace((directory, options) => new Cache(directory, { ...options, sizeLimit }))(directory, {
        clock,
      }),
  },
  { name: 'MemoryStore', open: (_, sizeLimit) => new MemoryStore({ clock, sizeLimit }) },
]
