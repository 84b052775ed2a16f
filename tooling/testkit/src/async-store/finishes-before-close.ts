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

  test(`${name}: close() answers the reads that were accepted`, async ({ store }) => {
    const values = [Buffer.alloc(10), Buffer.alloc(50_000), 'text']
    await Promise.all(values.map((value, i) => store.set(i, value)))
    const reads = values.map((_, i) => store.get(i))
    await store.close()
    expect(await Promise.all(reads)).toEqual(values)
  })
}
