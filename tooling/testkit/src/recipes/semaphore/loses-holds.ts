import { describe, expect } from 'vitest'
import { DEFAULT_LEASE } from '../default-lease.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { empty, fill } from './all-holds.ts'

/** Tests that each hold has a lease of its own. */
export function losesHolds({ name, test, recipes: { BoundedSemaphore } }: RecipeSuite): void {
  describe(`${name}: BoundedSemaphore`, () => {
    test('each hold lapses by itself', async ({ store, reopen, clock }) => {
      const dead = reopen()
      await new BoundedSemaphore(dead, 'k', 2).acquire()
      await dead.close()
      clock.advance(DEFAULT_LEASE / 2)
      const semaphore = new BoundedSemaphore(store, 'k', 2)
      const hold = await semaphore.acquire({ timeout: 0 })
      expect(await semaphore.tryAcquire()).toBeUndefined()
      clock.advance(DEFAULT_LEASE / 2)
      const next = await semaphore.acquire({ timeout: 0 })
      expect(await semaphore.tryAcquire()).toBeUndefined()
      await empty([hold, next])
    })

    test('a lost place that is released frees nobody else', async ({ store, reopen, clock }) => {
      const semaphore = new BoundedSemaphore(store, 'k', 2)
      const lost = await fill(semaphore)
      clock.advance(DEFAULT_LEASE)
      const holds = await fill(new BoundedSemaphore(reopen(), 'k', 2))
      expect(holds).toHaveLength(2)
      for (const hold of lost)
        await expect(hold.release()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_LOCK_LOST' })
      expect(await semaphore.locked()).toBe(true)
      await empty(holds)
    })

    test('a short lease of one process does not cut short another', async ({ store, reopen, clock }) => {
      const long = await new BoundedSemaphore(store, 'k', 2, { lease: 5 * 86_400_000 }).acquire()
      const short = await new BoundedSemaphore(store, 'k', 2, { lease: 1_000 }).acquire()
      await short.release()
      clock.advance(2 * 86_400_000)
      const holds = await fill(new BoundedSemaphore(reopen(), 'k', 2))
      expect(holds).toHaveLength(1)
      await empty([long, ...holds])
    })
  })
}
