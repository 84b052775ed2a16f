import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { NOW } from './now.ts'

/** Tests that other chains of calls wait, and that other keys are other locks. */
export function keepsOthersOut({ name, test, recipes: { RLock, Lock } }: RecipeSuite): void {
  describe(`${name}: RLock`, () => {
    test('other chains of the same process, and other processes, wait', async ({ store, reopen }) => {
      const locks = [new RLock(store, 'k'), new RLock(store, 'k'), new RLock(reopen(), 'k')]
      let inside = 0
      const chain = (i: number) =>
        locks[i % 3]?.run(async () => {
          expect(++inside).toBe(1)
          await locks[i % 3]?.run(() => delay(1), NOW)
          inside--
        })
      await Promise.all(Array.from({ length: 12 }, (_, i) => chain(i)))
    })

    test('locks with other keys, and in other stores, are others', async ({ store }) => {
      await new RLock(store, 'a').run(async ({ token }) => {
        const other = await new RLock(store, 'b').acquire(NOW)
        expect(await new Lock(store, 'b').locked()).toBe(true)
        await other.release()
        expect(token).toBeGreaterThan(0)
      }, NOW)
    })

    test('a task that outlives the run does not own the lock', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const over = Promise.withResolvers<void>()
      let late: Promise<void> | undefined
      await lock.run(() => {
        late = over.promise.then(async () => {
          await expect(lock.acquire(NOW)).rejects.toMatchObject(TIMEOUT)
        })
      })
      const other = await lock.acquire(NOW)
      over.resolve()
      await late
      await other.release()
    })
  })
}
