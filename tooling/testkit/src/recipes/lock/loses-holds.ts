import { describe, expect, vi } from 'vitest'
import { DEFAULT_LEASE } from '../default-lease.ts'
import { LOST } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { abandon } from './abandon.ts'

/** Tests that a holder hears that its lock is lost. */
export function losesHolds({ name, test, recipes: { getFenced, Lock, setIfNewer } }: RecipeSuite): void {
  describe(`${name}: Lock has a lease`, () => {
    test('a hold is lost with its row', async ({ store }) => {
      const hold = await new Lock(store, 'k', { lease: 300 }).acquire()
      expect(hold.lost.aborted).toBe(false)
      await store.delete(['diskcache', 'lock', 'k'])
      await aborted(hold.lost)
      expect(hold.lost.reason).toMatchObject({ ...LOST, key: 'k' })
      expect(() => hold.check()).toThrow(expect.objectContaining(LOST))
      await expect(hold.release()).rejects.toMatchObject(LOST)
    })

    test('a hold is lost with its store', async ({ reopen }) => {
      const hold = await abandon(Lock, reopen(), 'k', 900)
      await aborted(hold.lost)
      expect(hold.lost.reason.message).toContain('its store is closed')
      await expect(hold.release()).rejects.toMatchObject(LOST)
    })

    test('a hold is lost after maxHold, and what its holder still writes is refused', async ({
      store,
      reopen,
      clock,
    }) => {
      const [lease, maxHold] = [300, 500]
      const hold = await new Lock(store, 'k', { lease, maxHold }).acquire()
      await aborted(hold.lost)
      expect(hold.lost.reason).toMatchObject(LOST)
      clock.advance(lease)
      const next = await new Lock(reopen(), 'k').acquire({ timeout: 0 })
      expect(await setIfNewer(store, 'k', 'new', next.token)).toBe(true)
      expect(await setIfNewer(store, 'k', 'late', hold.token)).toBe(false)
      expect((await getFenced(store, 'k'))?.value).toBe('new')
      await expect(hold.release()).rejects.toMatchObject(LOST)
      await next.release()
    })

    test.for([['monotonic clock', performance] as const, ['wall clock', Date] as const])(
      'Hold.check() and lost notice at once that the %s has passed the lease',
      async ([, clock], { store }) => {
        const hold = await new Lock(store, 'k').acquire()
        hold.check()
        const later = clock.now() + DEFAULT_LEASE + 1
        using now = vi.spyOn(clock as { now(): number }, 'now').mockReturnValue(later)
        expect(() => hold.check()).toThrow(expect.objectContaining(LOST))
        expect(hold.lost.aborted).toBe(true)
        now.mockRestore()
        await expect(hold.release()).rejects.toMatchObject(LOST)
        expect(await new Lock(store, 'k').locked()).toBe(false)
      },
    )
  })
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
}
