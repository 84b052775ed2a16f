import { Cache } from '@diskcache/cache'
import { Deque, Index } from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'

/** The stores that a directory can be opened as. */
export const STORE_KINDS = ['cache', 'fanout', 'deque', 'index'] as const

/** One of {@link STORE_KINDS}. */
export type StoreKind = (typeof STORE_KINDS)[number]

/** What is done with a store, and the end of it. */
export interface OpenedStore {
  /** Reads something, changes something, and returns what was read. */
  use(): unknown
  close(): void
}

/** Opens a directory as a store of a kind. */
export function openAnyStore(kind: StoreKind, directory: string): OpenedStore {
  switch (kind) {
    case 'cache':
      return keyed(new Cache(directory))
    case 'fanout':
      return keyed(new FanoutCache(directory))
    case 'deque':
      return ofDeque(new Deque(directory))
    case 'index':
      return ofIndex(new Index(directory))
  }
}

function keyed(store: Cache | FanoutCache): OpenedStore {
  return {
    use() {
      const read = [store.get('key'), store.get('text'), ...store.keys()]
      store.set('new', 1)
      store.delete('text')
      store.expire()
      return read
    },
    close: () => store.close(),
  }
}

function ofDeque(deque: Deque): OpenedStore {
  return {
    use() {
      const read = [...deque]
      deque.append('new')
      return [...read, deque.popLeft()]
    },
    close: () => deque.close(),
  }
}

function ofIndex(index: Index): OpenedStore {
  return {
    use() {
      const read = [index.get('key'), ...index]
      index.set('new', 1)
      index.delete('text')
      return read
    },
    close: () => index.close(),
  }
}
