import { isDeepStrictEqual } from 'node:util'
import type { AsyncStore } from '@diskcache/core'
import { LEASE_KEY } from './kept-value.ts'

/** Returns the same store, and a promise of the moment when somebody begins to wait for a lease in it. */
export function watchLease(store: AsyncStore): { store: AsyncStore; begun: Promise<void> } {
  const begun = Promise.withResolvers<void>()
  const get: AsyncStore['get'] = (key, options) => {
    if (isDeepStrictEqual(key, LEASE_KEY)) begun.resolve()
    return store.get(key, options)
  }
  const proxy = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (name === 'get') return get
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return { store: proxy, begun: begun.promise }
}
