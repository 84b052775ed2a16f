import { FanoutCache } from '@diskcache/fanout'

/** How a second process opens the store of the contract suite. */
export function open(directory: string, options: { clock: () => number }): FanoutCache {
  return new FanoutCache(directory, { shards: 2, ...options })
}
