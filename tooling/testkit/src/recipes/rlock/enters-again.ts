import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { LOST, TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { NOW } from './now.ts'

/** Tests that the holder enters again, along a chain of calls or under a hold. */
export function entersAgain({ name, test, recipes: { RLock, Lock } }: RecipeSuite): void {
  describe(`${name}: RLock`, () => {
    test('RLock.run() enters again along its call chain, and frees the lock in the end', async ({
      store,
    }) => {
      const lock = new RLock(store, 'k')
      const depth = async (n: number): Promise<number> =>
        n === 0 ? 0 : lock.run(async () => 1 + (await delay(1, await depth(n - 1))), NOW)
      expect(await depth(5)).toBe(5)
      expect(await new Lock(store, 'k').locked()).toBe(false)
    })

    test('another object, acquire() and parallel parts of the chain enter, too', async ({ store }) => {
      await new RLock(store, 'k').run(async ({ token }) => {
        const hold = await new RLock(store, 'k').acquire(NOW)
        expect(hold.token).toBe(token)
        const parts = [1, 2].map((n) => new RLock(store, 'k').run(() => delay(1, n), NOW))
        expect(await Promise.all(parts)).toEqual([1, 2])
        await hold.release()
        await expect(new Lock(store, 'k').acquire(NOW)).rejects.toMatchObject(TIMEOUT)
      })
      expect(await new Lock(store, 'k').locked()).toBe(false)
    })

    test('RLock.acquire() enters under a hold that it is given', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const outer = await lock.acquire(NOW)
      await expect(lock.acquire(NOW)).rejects.toMatchObject(TIMEOUT)
      const inner = await lock.acquire({ within: outer })
      expect(inner.token).toBe(outer.token)
      expect(await lock.run(() => 'inside', { within: inner })).toBe('inside')
      await outer.release()
      await outer.release()
      inner.check()
      expect(() => outer.check()).toThrow(expect.objectContaining(LOST))
      await expect(lock.acquire({ within: outer })).rejects.toMatchObject(LOST)
      await expect(lock.acquire(NOW)).rejects.toMatchObject(TIMEOUT)
      await inner.release()
      await (await lock.acquire(NOW)).release()
    })

    test('holds of something else are refused', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const others = [await new RLock(store, 'other').acquire(), await new Lock(store, 'x').acquire()]
      for (const within of [...others, {}, null]) {
        await expect(lock.acquire({ within: within as never })).rejects.toThrow(TypeError)
      }
      await Promise.all(others.map((hold) => hold.release()))
    })
  })
}
