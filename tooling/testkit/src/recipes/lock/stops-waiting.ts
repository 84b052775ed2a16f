import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests that waiting ends after a timeout, at a signal, and when the store is closed. */
export function stopsWaiting({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Lock stops waiting`, () => {
    test.for([0, 20])(
      'Lock.acquire() gives up after a timeout of %i, and leaves the lock alone',
      async (timeout, { store, reopen }) => {
        const hold = await new Lock(store, 'k').acquire()
        const other = new Lock(reopen(), 'k')
        await expect(other.acquire({ timeout })).rejects.toMatchObject({ ...TIMEOUT, key: 'k' })
        await hold.release()
        await (await other.acquire({ timeout: 10_000 })).release()
      },
    )

    test('Lock.acquire() gives up in line, too, and those behind move up', async ({ store }) => {
      const lock = new Lock(store, 'k')
      const hold = await lock.acquire()
      const reason = new Error('enough')
      const controller = new AbortController()
      const { signal } = controller
      const results = Promise.allSettled([
        lock.acquire({ signal }),
        lock.acquire({ timeout: 10 }),
        lock.acquire({ signal }),
        lock.acquire().then((hold) => hold.release()),
      ])
      await delay(30)
      controller.abort(reason)
      await hold.release()
      expect(await results).toMatchObject([
        { reason },
        { reason: TIMEOUT },
        { reason },
        { status: 'fulfilled' },
      ])
      expect(await lock.locked()).toBe(false)
    })

    test('an aborted signal rejects with its reason at once', async ({ store }) => {
      const reason = new Error('aborted')
      const signal = AbortSignal.abort(reason)
      const lock = new Lock(store, 'k')
      await expect(lock.acquire({ signal })).rejects.toBe(reason)
      await expect(lock.tryAcquire({ signal })).rejects.toBe(reason)
      await expect(lock.run(() => {}, { signal })).rejects.toBe(reason)
      expect(await lock.locked()).toBe(false)
    })

    test('waiting ends when the store is closed', async ({ store, reopen }) => {
      const other = reopen()
      const hold = await new Lock(store, 'k').acquire()
      const waiting = expect(new Lock(other, 'k').acquire()).rejects.toMatchObject({
        code: 'ERR_DISKCACHE_CLOSED',
      })
      await delay(10)
      await other.close()
      await waiting
      await hold.release()
    })
  })
}
