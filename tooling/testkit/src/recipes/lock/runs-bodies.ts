import { describe, expect } from 'vitest'
import { DEFAULT_LEASE } from '../default-lease.ts'
import { LOST } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests that `Lock.run` holds the lock for as long as its body runs. */
export function runsBodies({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Lock.run()`, () => {
    test('gives what the body gives, and releases', async ({ store }) => {
      const lock = new Lock(store, 'k')
      expect(await lock.run(async ({ token }) => token > 0)).toBe(true)
      expect(await lock.run(() => 'sync')).toBe('sync')
      const error = new Error('body failed')
      const fail = () => {
        throw error
      }
      await expect(lock.run(fail)).rejects.toBe(error)
      expect(await lock.locked()).toBe(false)
    })

    test('rejects when the lock was lost meanwhile, unless the body failed', async ({
      store,
      reopen,
      clock,
    }) => {
      const other = new Lock(reopen(), 'k')
      const error = new Error('body failed')
      const lose = async () => {
        clock.advance(DEFAULT_LEASE)
        await (await other.acquire({ timeout: 0 })).release()
      }
      await expect(new Lock(store, 'k').run(lose)).rejects.toMatchObject(LOST)
      const loseAndFail = () => lose().then(() => Promise.reject(error))
      await expect(new Lock(store, 'k').run(loseAndFail)).rejects.toBe(error)
    })
  })
}
