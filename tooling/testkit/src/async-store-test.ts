import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AsyncStore } from '@diskcache/core'
import { test as base, expect } from 'vitest'
import { FakeClock } from './fake-clock.ts'
import type { OpenOptions } from './store-test.ts'

/** `directory` is a path that is removed after the test; an engine without files may take it for a name. */
export type OpenAsyncStore<S extends AsyncStore = AsyncStore> = (directory: string, options: OpenOptions) => S

/** A `test` with a fresh store, which is checked and closed after every test. */
export function asyncStoreTest<S extends AsyncStore>(open: OpenAsyncStore<S>) {
  return base.extend<{ directory: string; clock: FakeClock; store: S; reopen: () => S }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    directory: async ({}, use) => {
      const directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
      await use(directory)
      rmSync(directory, { recursive: true, force: true })
    },
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    clock: async ({}, use) => {
      await use(new FakeClock())
    },
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
