import type { Store, Ttl } from '@diskcache/core'
import { expect } from 'vitest'
import { directoryTest } from './directory-test.ts'
import type { FakeClock } from './memory/fake-clock.ts'

/** The synchronous face alone. */
export type SyncStore = Omit<Store, 'promises'>

/** What a suite asks of a store that it opens. */
export interface OpenOptions {
  /** Returns epoch milliseconds; the store must take its time from nowhere else. */
  clock: () => number
  /** How long a synchronous operation may wait for a lock, in milliseconds; the engine's default when left out. */
  timeout?: number
  /** The time to live of writes that give none, in milliseconds; for ever when left out. */
  ttl?: Ttl
}

/** Opens a store in a directory, which is there and may be empty. */
export type OpenStore<S extends SyncStore = SyncStore> = (directory: string, options: OpenOptions) => S

/**
 * Returns a `test` with a fresh directory and a store in it. After every test the store is closed, and `check` must find
 * nothing. `reopen` opens another store of the same directory.
 */
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
