import type { AsyncStore } from '@diskcache/core'
import { expect } from 'vitest'
import { directoryTest } from './directory-test.ts'
import type { OpenOptions } from './store-test.ts'

/** `directory` is a path that is removed after the test; an engine without files may take it for a name. */
export type OpenAsyncStore<S extends AsyncStore = AsyncStore> = (directory: string, options: OpenOptions) => S

/** A `test` with a fresh store, which is checked and closed after every test. */
export function asyncStoreTest<S extends AsyncStore>(open: OpenAsyncStore<S>) {
  return directoryTest.extend<{ store: S; reopen: () => S }>({
    store: async ({ directory, clock }, use) => {
      const store = open(directory, { clock: clock.now })
      await use(store)
      await store.close()
      await using later = open(directory, { clock: () => clock.time + 3_600_000 })
      expect(await later.check()).toEqual([])
    },
    reopen: async ({ directory, clock }, use) => {
      const stores: S[] = []
      await use(() => {
        const store = open(directory, { clock: clock.now })
        stores.push(store)
        return store
      })
      await Promise.all(stores.map((store) => store.close()))
    },
  })
}
