import { vi } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../../async-store-test.ts'
import type { FakeClock } from '../../memory/fake-clock.ts'

/** Returns a `test` like that of `asyncStoreTest`, in which this process, too, has the time of the store. */
export function getOrSetTest(open: OpenAsyncStore) {
  return asyncStoreTest(open).extend<{ wall: FakeClock }>({
    // Freshness is judged by this process's clock.
    wall: [
      async ({ clock }: { clock: FakeClock }, use: (clock: FakeClock) => Promise<void>) => {
        const now = vi.spyOn(Date, 'now').mockImplementation(clock.now)
        await use(clock)
        now.mockRestore()
      },
      { auto: true },
    ],
  })
}
