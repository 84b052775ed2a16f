import { Cache } from '@diskcache/cache'

/** How a second process opens the store of the contract suite. */
export function open(directory: string, options: { clock: () => number }): Cache {
  return new Cache(directory, options)
}
