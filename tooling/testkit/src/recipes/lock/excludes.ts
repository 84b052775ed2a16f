import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests that there is one holder at a time, over all processes, and that each caller has its turn. */
export function excludes({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Lock excludes`, () => {
    test('Lock.acquire() waits for another process to release', async ({ store, reopen }) => {
      const [here, there] = [new Lock(store, 'k'), new Lock(reopen(), 'k')]
      const events: string[] = []
      const hold = await here.acquire()
      const waiting = there.acquire().then((hold) => {
        events.push('acquired')
        return hold
      })
      await delay(50)
      events.push('released')
      await hold.release()
      await (await waiting).release()
      expect(events).toEqual(['released', 'acquired'])
    })

    test('Lock.tryAcquire() and locked() tell whether it is free', async ({ store, reopen }) => {
      const [here, there] = [new Lock(store, 'k'), new Lock(reopen(), 'k')]
      expect(await here.locked()).toBe(false)
      const hold = await here.tryAcquire()
      expect(hold).toBeDefined()
      expect([await there.tryAcquire(), await here.tryAcquire()]).toEqual([undefined, undefined])
      expect(await there.locked()).toBe(true)
      await hold?.release()
      expect(await there.locked()).toBe(false)
      await (await there.tryAcquire())?.release()
    })

    test('Lock.run() never lets two bodies overlap, and loses no turn', async ({ store, reopen }) => {
      const locks = [store, reopen(), reopen()].map((store) => new Lock(store, ['k', 1]))
      let inside = 0
      let count = 0
      const body = async () => {
        expect(++inside).toBe(1)
        await delay(1)
        count++
        inside--
      }
      await Promise.all(Array.from({ length: 30 }, (_, i) => locks[i % 3]?.run(body)))
      expect(count).toBe(30)
    })

    test('Lock.acquire() serves one process in order, whichever object it is called on', async ({
      store,
    }) => {
      const order: number[] = []
      const hold = await new Lock(store, 'k').acquire()
      const waiting = Array.from({ length: 5 }, (_, i) =>
        new Lock(store, 'k').run(() => {
          order.push(i)
        }),
      )
      await hold.release()
      await Promise.all(waiting)
      expect(order).toEqual([0, 1, 2, 3, 4])
    })

    test('locks with different keys do not meet', async ({ store }) => {
      const keys = ['1', 1, [1], ['1'], null, { a: 1 }]
      const holds = await Promise.all(keys.map((key) => new Lock(store, key).acquire({ timeout: 0 })))
      await Promise.all(holds.map((hold) => hold.release()))
      const hold = await new Lock(store, { a: 1, b: 2 }).acquire()
      expect(await new Lock(store, { b: 2, a: 1 }).tryAcquire()).toBeUndefined()
      await hold.release()
    })
  })
}
