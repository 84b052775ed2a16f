import { expect } from 'vitest'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that `close()` waits for what was accepted, and that nothing is accepted afterwards. */
export function finishesBeforeClose({ name, test }: AsyncStoreSuite): void {
  test(`${name}: close() finishes what was accepted`, async ({ store, reopen }) => {
    const writes = Array.from({ length: 50 }, (_, i) => store.set(i, Buffer.alloc(i % 2 ? 10 : 50_000)))
    const closed = store.close()
    await expect(store.get(1)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    await Promise.all([...writes, closed])
    expect(await reopen().count()).toBe(50)
  })
}
