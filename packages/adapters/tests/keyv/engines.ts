import { Cache } from '@diskcache/cache'
import type { AsyncStore, Store } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { inNamespace } from '@diskcache/testkit/memory'

export interface EngineOf<S extends Store | AsyncStore> {
  readonly name: string
  /** Whether its entries expire by the time of a server, which no test moves. */
  readonly isServer?: boolean
  open(directory: string, options?: { clock?: () => number }): S
}

export type Engine = EngineOf<Store>

export const CACHE: Engine = {
  name: 'Cache',
  open: (directory, options) => new Cache(directory, options),
}

export const FANOUT_CACHE: Engine = {
  name: 'FanoutCache',
  open: (directory, options) => new FanoutCache(directory, { shards: 2, ...options }),
}

const NAMESPACE: Engine = {
  name: 'Cache.namespace()',
  open: inNamespace((directory, options) => new Cache(directory, options)) as Engine['open'],
}

/** What the stores for Keyv are proven over. */
export const ENGINES: readonly Engine[] = [CACHE, FANOUT_CACHE, NAMESPACE]
