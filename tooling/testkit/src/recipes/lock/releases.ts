import { describe, expect } from 'vitest'
import { DEFAULT_LEASE } from '../default-lease.ts'
import { LOST } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests that a hold frees its own lock, once. */
export function releases({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Hold.release()`, () => {
    test('of a lost lock throws, and frees nobody else', async ({ store, reopen, clock }) => {
      const lost = await new Lock(store, 'k').acquire()
      clock.advance(DEFAULT_LEASE)
      const lock = new Lock(reopen(), 'k')
      const hold = await lock.acquire({ timeout: 0 })
      await expect(lost.release()).rejects.toMatchObject(LOST)
      await expect(lost.release()).rejects.toMatchObject(LOST)
      expect(lost.lost.aborted).toBe(true)
      expect(await lock.locked()).toBe(true)
      await hold.release()
    })

    test('again does nothing, also when others have the lock', async ({ store }) => {
      const lock = new Lock(store, 'k')
      const hold = await lock.acquire()
      await Promise.all([hold.release(), hold.release()])
      const next = await lock.acquire()
      await hold.release()
      expect(await lock.locked()).toBe(true)
      expect(() => hold.check()).toThrow(expect.objectContaining(LOST))
      expect(hold.lost.aborted).toBe(false)
      await next.release()
    })

    test('happens at the end of a scope', async ({ store }) => {
      const lock = new Lock(store, 'k')
      {
        await using hold = await lock.acquire()
        hold.check()
        expect(await lock.locked()).toBe(true)
      }
      expect(await lock.locked()).toBe(false)
    })
  })
}
