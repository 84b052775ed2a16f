import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import type { Hold, Lock } from '../recipes.ts'
import { empty, fill } from './all-holds.ts'

/** Tests that there are as many holds as the value says, over all processes. */
export function letsInSoMany({ name, test, recipes: { BoundedSemaphore } }: RecipeSuite): void {
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
  })
}
