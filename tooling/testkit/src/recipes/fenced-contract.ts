import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Recipes } from './recipes.ts'

/** What `setIfNewer` and `getFenced` do on any engine. */
export function fencedContract(
  name: string,
  open: OpenAsyncStore,
  { setIfNewer, getFenced, Lock }: Recipes,
): void {
  const test = asyncStoreTest(open)

  describe(`${name}: setIfNewer()`, () => {
    test('accepts tokens that are at least as high as the last', async ({ store, reopen }) => {
      const other = reopen()
      expect(await getFenced(store, 'k')).toBeUndefined()
      expect(await setIfNewer(store, 'k', 'a', 5)).toBe(true)
      expect(await setIfNewer(other, 'k', 'b', 5)).toBe(true)
      expect(await setIfNewer(store, 'k', 'c', 4)).toBe(false)
      expect(await getFenced(other, 'k')).toEqual({ value: 'b', token: 5 })
      expect(await setIfNewer(store, 'k', undefined, 6)).toBe(true)
      expect((await getFenced(store, 'k'))?.token).toBe(6)
    })

    test('refuses a holder that lost its lock', async ({ store, reopen, clock }) => {
      const other = reopen()
      const stale = await new Lock(store, 'k').acquire()
      clock.advance(30_000)
      const hold = await new Lock(other, 'k').acquire({ timeout: 0 })
      expect(await setIfNewer(other, 'k', 'new', hold.token)).toBe(true)
      expect(await setIfNewer(store, 'k', 'old', stale.token)).toBe(false)
      expect(await getFenced(store, 'k')).toEqual({ value: 'new', token: hold.token })
      await hold.release()
      await stale.release().catch(() => {})
    })

    test('honours ttl, tag and signal', async ({ store, clock }) => {
      await setIfNewer(store, 'k', 1, 1, { ttl: 1_000, tag: 't' })
      clock.advance(1_000)
      expect(await getFenced(store, 'k')).toBeUndefined()
      await setIfNewer(store, 'k', 1, 1, { tag: 't' })
      expect(await store.evict('t')).toBe(1)
      const reason = new Error('aborted')
      const signal = AbortSignal.abort(reason)
      await expect(setIfNewer(store, 'k', 1, 1, { signal })).rejects.toBe(reason)
    })
  })
}
