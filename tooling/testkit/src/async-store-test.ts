import type { AsyncStore } from '@diskcache/core'
import { expect } from 'vitest'
import { directoryTest } from './directory-test.ts'
import type { OpenOptions } from './store-test.ts'

/**
 * Opens a store. `directory` is the path of an empty directory, which is removed after the test; an engine without files
 * takes it for a name.
 */
export type OpenAsyncStore<S extends AsyncStore = AsyncStore> = (directory: string, options: OpenOptions) => S

/**
 * Returns a `test` with a fresh store. After every test the store is closed, and `check` must find nothing. `reopen` opens
 * another store of the same directory.
 */
export function asyncStoreTest<S extends AsyncStore>(open: OpenAsyncStore<S>) {
  return directoryTest.extend<{ store: S; reopen: (options?: Partial<OpenOptions>) => S }>({
    store: async ({ directory, clock }, use) => {
      const store = open(directory, { clock: clock.now })
      await use(store)
      await store.close()
      await using later = open(directory, { clock: () => clock.time + 3_600_000 })
      expect(await later.check()).toEqual([])
    },
    reopen: async ({ directory, clock }, use) => {
      const stores: S[] = []
      await use((options) => {
        const store = open(directory, { clock: clock.now, ...options })
        stores.push(store)
        return store
      })
      await Promise.all(stores.map((store) => store.close()))
    },
  })
}
