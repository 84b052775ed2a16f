import type { AsyncStore } from '@diskcache/core'

/** The store, but for these members, which reject with `no disk`. */
export function failingStore(store: AsyncStore, members: readonly (keyof AsyncStore)[]): AsyncStore {
  return new Proxy(store, {
    get(target, name) {
      if (members.includes(name as keyof AsyncStore)) return async () => Promise.reject(new Error('no disk'))
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
