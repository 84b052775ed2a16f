import { describe, expect } from 'vitest'
import { LOST, TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { NOW } from './now.ts'

/** Tests that the lock is free when the last of its holds has ended. */
export function freesTheLock({ name, test, recipes: { RLock } }: RecipeSuite): void {
  describe(`${name}: RLock`, () => {
    test('what was entered in time keeps the lock after the run around it', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const over = Promise.withResolvers<void>()
      let inner: Promise<void> | undefined
      await lock.run(() => {
        inner = lock.run(() => over.promise)
      })
      await expect(lock.acquire(NOW)).rejects.toMatchObject(TIMEOUT)
      over.resolve()
      await inner
      await (await lock.acquire(NOW)).release()
    })

    test('loses all its holds together', async ({ store, reopen, clock }) => {
      const lock = new RLock(store, 'k')
      const outer = await lock.acquire()
      const inner = await lock.acquire({ within: outer })
      clock.advance(30_000)
      await using _ = await new RLock(reopen(), 'k').acquire(NOW)
      await inner.release()
      await expect(outer.release()).rejects.toMatchObject(LOST)
      expect(inner.lost.aborted).toBe(true)
    })

    test('RLock.run() passes on what the body throws', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const error = new Error('body failed')
      const fail = () => lock.run(() => Promise.reject(error))
      await expect(lock.run(fail)).rejects.toBe(error)
      await (await lock.acquire(NOW)).release()
    })
  })
}
