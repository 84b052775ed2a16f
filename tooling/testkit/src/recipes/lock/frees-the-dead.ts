import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { DEFAULT_LEASE } from '../default-lease.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { abandon } from './abandon.ts'

/** Tests that a lock whose holder died is free when its lease is over, and that a living holder renews it. */
export function freesTheDead({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Lock has a lease`, () => {
    test('a dead holder frees the lock when its lease is over, and not before', async ({
      store,
      reopen,
      clock,
    }) => {
      await abandon(Lock, reopen(), 'k', DEFAULT_LEASE)
      const lock = new Lock(store, 'k')
      clock.advance(DEFAULT_LEASE - 1)
      expect(await lock.tryAcquire()).toBeUndefined()
      clock.advance(1)
      expect(await lock.locked()).toBe(false)
      await (await lock.acquire({ timeout: 0 })).release()
    })

    test('those who wait take over from a dead holder', async ({ store, reopen, clock }) => {
      await abandon(Lock, reopen())
      const waiting = new Lock(store, 'k').acquire()
      await delay(20)
      clock.advance(100)
      await (await waiting).release()
    })

    test('a living holder renews it', async ({ store, reopen, clock }) => {
      const lease = 1_500
      const hold = await new Lock(store, 'k', { lease }).acquire()
      const other = new Lock(reopen(), 'k')
      clock.advance(lease - 1)
      const until = async () => JSON.stringify(await store.get(['diskcache', 'lock', 'k']))
      const first = await until()
      while ((await until()) === first) await delay(20)
      clock.advance(lease - 1)
      expect(await other.locked()).toBe(true)
      hold.check()
      await hold.release()
    })
  })
}
