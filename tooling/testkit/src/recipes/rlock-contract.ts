import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Recipes } from './recipes.ts'

const LOST = { code: 'ERR_DISKCACHE_LOCK_LOST' }
const TIMEOUT = { code: 'ERR_DISKCACHE_LOCK_TIMEOUT' }

/** What `RLock` does on any engine, beyond what it has in common with `Lock`. */
export function rlockContract(name: string, open: OpenAsyncStore, { RLock, Lock }: Recipes): void {
  const test = asyncStoreTest(open)
  const now = { timeout: 0 }

  describe(`${name}: RLock`, () => {
    test('RLock.run() enters again along its call chain, and frees the lock in the end', async ({
      store,
    }) => {
      const lock = new RLock(store, 'k')
      const depth = async (n: number): Promise<number> =>
        n === 0 ? 0 : lock.run(async () => 1 + (await delay(1, await depth(n - 1))), now)
      expect(await depth(5)).toBe(5)
      expect(await new Lock(store, 'k').locked()).toBe(false)
    })

    test('another object, acquire() and parallel parts of the chain enter, too', async ({ store }) => {
      await new RLock(store, 'k').run(async ({ token }) => {
        const hold = await new RLock(store, 'k').acquire(now)
        expect(hold.token).toBe(token)
        const parts = [1, 2].map((n) => new RLock(store, 'k').run(() => delay(1, n), now))
        expect(await Promise.all(parts)).toEqual([1, 2])
        await hold.release()
        await expect(new Lock(store, 'k').acquire(now)).rejects.toMatchObject(TIMEOUT)
      })
      expect(await new Lock(store, 'k').locked()).toBe(false)
    })

    test('other chains of the same process, and other processes, wait', async ({ store, reopen }) => {
      const locks = [new RLock(store, 'k'), new RLock(store, 'k'), new RLock(reopen(), 'k')]
      let inside = 0
      const chain = (i: number) =>
        locks[i % 3]?.run(async () => {
          expect(++inside).toBe(1)
          await locks[i % 3]?.run(() => delay(1), now)
          inside--
        })
      await Promise.all(Array.from({ length: 12 }, (_, i) => chain(i)))
    })

    test('locks with other keys, and in other stores, are others', async ({ store }) => {
      await new RLock(store, 'a').run(async ({ token }) => {
        const other = await new RLock(store, 'b').acquire(now)
        expect(await new Lock(store, 'b').locked()).toBe(true)
        await other.release()
        expect(token).toBeGreaterThan(0)
      }, now)
    })

    test('a task that outlives the run does not own the lock', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const over = Promise.withResolvers<void>()
      let late: Promise<void> | undefined
      await lock.run(() => {
        late = over.promise.then(async () => {
          await expect(lock.acquire(now)).rejects.toMatchObject(TIMEOUT)
        })
      })
      const other = await lock.acquire(now)
      over.resolve()
      await late
      await other.release()
    })

    test('what was entered in time keeps the lock after the run around it', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const over = Promise.withResolvers<void>()
      let inner: Promise<void> | undefined
      await lock.run(() => {
        inner = lock.run(() => over.promise)
      })
      await expect(lock.acquire(now)).rejects.toMatchObject(TIMEOUT)
      over.resolve()
      await inner
      await (await lock.acquire(now)).release()
    })

    test('RLock.acquire() enters under a hold that it is given', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const outer = await lock.acquire(now)
      await expect(lock.acquire(now)).rejects.toMatchObject(TIMEOUT)
      const inner = await lock.acquire({ within: outer })
      expect(inner.token).toBe(outer.token)
      expect(await lock.run(() => 'inside', { within: inner })).toBe('inside')
      await outer.release()
      await outer.release()
      inner.check()
      expect(() => outer.check()).toThrow(expect.objectContaining(LOST))
      await expect(lock.acquire({ within: outer })).rejects.toMatchObject(LOST)
      await expect(lock.acquire(now)).rejects.toMatchObject(TIMEOUT)
      await inner.release()
      await (await lock.acquire(now)).release()
    })

    test('holds of something else are refused', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const others = [await new RLock(store, 'other').acquire(), await new Lock(store, 'x').acquire()]
      for (const within of [...others, {}, null]) {
        await expect(lock.acquire({ within: within as never })).rejects.toThrow(TypeError)
      }
      await Promise.all(others.map((hold) => hold.release()))
    })

    test('loses all its holds together', async ({ store, reopen, clock }) => {
      const lock = new RLock(store, 'k')
      const outer = await lock.acquire()
      const inner = await lock.acquire({ within: outer })
      clock.advance(30_000)
      await using _ = await new RLock(reopen(), 'k').acquire(now)
      await inner.release()
      await expect(outer.release()).rejects.toMatchObject(LOST)
      expect(inner.lost.aborted).toBe(true)
    })

    test('RLock.run() passes on what the body throws', async ({ store }) => {
      const lock = new RLock(store, 'k')
      const error = new Error('body failed')
      const fail = () => lock.run(() => Promise.reject(error))
      await expect(lock.run(fail)).rejects.toBe(error)
      await (await lock.acquire(now)).release()
    })
  })
}
