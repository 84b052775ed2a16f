import { type AsyncStore, Cache, type MemoryOptions, type Store } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'

/** A store that several processes have open, by its faces. */
export interface SharedStore {
  readonly promises: AsyncStore<string>
  /** The synchronous face, where there is one. */
  readonly sync?: Pick<Store<string>, 'get' | 'stats'> | undefined
}

/** What tells a process which store to open. */
export interface SharedStoreJob {
  readonly kind: 'cache' | 'fanout'
  readonly directory: string
}

/** Nothing is evicted, so that what is missing was removed by the writer. */
const OPTIONS = { evictionPolicy: 'none', minFileSize: 4_096 } as const

/** Opens a store, with a part of it in memory when that is given. */
export function openSharedStore({ kind, directory }: SharedStoreJob, memory?: MemoryOptions): SharedStore {
  const options = { ...OPTIONS, timeout: 10_000, ...(memory && { memory }) }
  const store =
    kind === 'cache'
      ? new Cache<string>(directory, options)
      : new FanoutCache<string>(directory, { ...options, shards: 4 })
  return { promises: store.promises, sync: store }
}
