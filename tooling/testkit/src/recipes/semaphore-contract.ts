import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Hold, Lock, Recipes } from './recipes.ts'

const LEASE = 30_000

/** What `BoundedSemaphore` does on any engine, beyond what it has in common with `Lock`. */
export function semaphoreContract(
  name: string,
  open: OpenAsyncStore,
  { BoundedSemaphore, Lock }: Recipes,
): void {
  const test = asyncStoreTest(open)

  /** As many holds as it gives. */
  async function fill(semaphore: Lock): Promise<Hold[]> {
    const holds: Hold[] = []
    for (;;) {
      const hold = await semaphore.tryAcquire()
      if (hold === undefined) return holds
      holds.push(hold)
    }
  }

  async function empty(holds: readonly Hold[]): Promise<void> {
    await Promise.all(holds.map((hold) => hold.release()))
  }

  describe(`${name}: BoundedSemaphore`, () => {
    test('BoundedSemaphore.tryAcquire() lets in as many as its value says, over all processes', async ({
      store,
      reopen,
    }) => {
      const [here, there] = [store, reopen()].map((store) => new BoundedSemaphore(store, 'k', 3))
      const holds = [await here?.tryAcquire(), await there?.tryAcquire()] as Hold[]
      expect(await here?.locked()).toBe(false)
      holds.push(...(await fill(here as Lock)))
      expect(holds).toHaveLength(3)
      expect(await there?.locked()).toBe(true)
      expect(await there?.tryAcquire()).toBeUndefined()
      await empty(holds)
    })

    test('BoundedSemaphore.run() never lets more in, and loses no turn', async ({ store, reopen }) => {
      const semaphores = [store, reopen(), reopen()].map((store) => new BoundedSemaphore(store, 'k', 2))
      let inside = 0
      let most = 0
      let count = 0
      const body = async () => {
        most = Math.max(most, ++inside)
        await delay(1)
        count++
        inside--
      }
      await Promise.all(Array.from({ length: 40 }, (_, i) => semaphores[i % 3]?.run(body)))
      expect([most, count]).toEqual([2, 40])
    })

    test('each hold lapses by itself', async ({ store, reopen, clock }) => {
      const dead = reopen()
      await new BoundedSemaphore(dead, 'k', 2).acquire()
      await dead.close()
      clock.advance(LEASE / 2)
      const semaphore = new BoundedSemaphore(store, 'k', 2)
      const hold = await semaphore.acquire({ timeout: 0 })
      expect(await semaphore.tryAcquire()).toBeUndefined()
      clock.advance(LEASE / 2)
      const next = await semaphore.acquire({ timeout: 0 })
      expect(await semaphore.tryAcquire()).toBeUndefined()
      await empty([hold, next])
    })

    test('a lost place that is released frees nobody else', async ({ store, reopen, clock }) => {
      const semaphore = new BoundedSemaphore(store, 'k', 2)
      const lost = await fill(semaphore)
      clock.advance(LEASE)
      const holds = await fill(new BoundedSemaphore(reopen(), 'k', 2))
      expect(holds).toHaveLength(2)
      for (const hold of lost)
        await expect(hold.release()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_LOCK_LOST' })
      expect(await semaphore.locked()).toBe(true)
      await empty(holds)
    })

    test('a short lease of one process does not cut short another', async ({ store, reopen, clock }) => {
      const long = await new BoundedSemaphore(store, 'k', 2, { lease: 5 * 86_400_000 }).acquire()
      const short = await new BoundedSemaphore(store, 'k', 2, { lease: 1_000 }).acquire()
      await short.release()
      clock.advance(2 * 86_400_000)
      const holds = await fill(new BoundedSemaphore(reopen(), 'k', 2))
      expect(holds).toHaveLength(1)
      await empty([long, ...holds])
    })

    test('each process keeps to its own value', async ({ store, reopen }) => {
      const few = new BoundedSemaphore(store, 'k', 1)
      const many = new BoundedSemaphore(reopen(), 'k', 3)
      const first = await few.acquire()
      const others = await fill(many)
      expect(others).toHaveLength(2)
      expect(await few.tryAcquire()).toBeUndefined()
      await empty(others)
      expect(await few.tryAcquire()).toBeUndefined()
      await first.release()
      await empty(await fill(few))
    })

    test('gives every hold a higher token, and shares no row with a lock', async ({ store }) => {
      const semaphore = new BoundedSemaphore(store, 'k', 3)
      const lock = await new Lock(store, 'k').acquire({ timeout: 0 })
      const holds = [...(await fill(semaphore))]
      await holds[0]?.release()
      holds.push(await semaphore.acquire())
      const tokens = holds.map(({ token }) => token)
      expect(tokens.every((token, i) => i === 0 || token > (tokens[i - 1] as number))).toBe(true)
      await empty([lock, ...holds.slice(1)])
    })
  })
}
