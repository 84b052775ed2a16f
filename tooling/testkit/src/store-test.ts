import type { Store } from '@diskcache/core'
import { expect } from 'vitest'
import { directoryTest } from './directory-test.ts'
import type { FakeClock } from './fake-clock.ts'

/** The synchronous face alone. */
export type SyncStore = Omit<Store, 'promises'>

export interface OpenOptions {
  clock: () => number
  /** How long a synchronous operation may wait for a lock, in milliseconds. */
  timeout?: number
}

export type OpenStore<S extends SyncStore = SyncStore> = (directory: string, options: OpenOptions) => S

/** A `test` with a fresh directory and a store in it, which is checked and closed after every test. */
export function storeTest<S extends SyncStore>(open: OpenStore<S>) {
  return directoryTest.extend<{ store: S; reopen: (options?: Partial<OpenOptions>) => S }>({
    store: async ({ directory, clock }, use) => {
      const store = open(directory, { clock: clock.now })
      await use(store)
      store.close()
      expectSound(directory, clock, open)
    },
    reopen: async ({ directory, clock }, use) => {
      const stores: S[] = []
      await use((options) => {
        const store = open(directory, { clock: clock.now, ...options })
        stores.push(store)
        return store
      })
      for (const store of stores) store.close()
    },
  })
}

/** Also an hour later, when nothing can be under way any more. */
function expectSound(directory: string, clock: FakeClock, open: OpenStore): void {
  using store = open(directory, { clock: () => clock.time + 3_600_000 })
  expect(store.check()).toEqual([])
}
