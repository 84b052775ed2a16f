import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { until } from '../until.ts'

/** Tests that those who wait for a `barrier` with `share` take the result of whoever runs. */
export function sharesResults({ name, test, recipes: { barrier, Lock } }: RecipeSuite): void {
  describe(`${name}: barrier() with share`, () => {
    test('runs once for all who wait, in all processes, and again for who comes later', async ({
      store,
      reopen,
    }) => {
      const over = Promise.withResolvers<void>()
      let runs = 0
      const build = async () => {
        runs++
        await over.promise
        return { run: runs }
      }
      const shared = [store, reopen(), reopen()].map((store) =>
        barrier(store, build, { name: 'build', share: true }),
      )
      const first = shared[0]?.()
      await until(() => runs === 1)
      const asked = shared.flatMap((call) => [call(), call()])
      // They ask for the last result first, and then for the lock.
      await Promise.all([store, reopen()].map((store) => store.get('nothing')))
      over.resolve()
      expect(await Promise.all([first, ...asked])).toEqual(Array.from({ length: 7 }, () => ({ run: 1 })))
      expect(await shared[1]?.()).toEqual({ run: 2 })
    })

    test('shares nothing between calls with other arguments, and undefined like any result', async ({
      store,
    }) => {
      const seen: unknown[] = []
      const note = barrier(store, async (...args: unknown[]) => void seen.push(args), {
        name: 'note',
        share: true,
      })
      const hold = await new Lock(store, ['diskcache', 'barrier', 'note']).acquire()
      const calls = [note(1), note(1, undefined), note({ a: 1 }), note({ a: 1 }), note()]
      // They ask for the last results first, each perhaps of another node.
      await Promise.all(Array.from({ length: 16 }, (_, i) => store.get(`nothing ${i}`)))
      await hold.release()
      expect(await Promise.all(calls)).toEqual(calls.map(() => undefined))
      // Which of them comes first, is for the store to say.
      expect(seen).toHaveLength(3)
      expect(seen).toEqual(expect.arrayContaining([[1], [{ a: 1 }], []]))
    })

    test('lets the next run when one fails, or gives what cannot be kept', async ({ store, reopen }) => {
      let runs = 0
      const error = new Error('failed')
      const run = () => {
        if (++runs === 1) throw error
        return runs === 2 ? () => 'a function' : 'kept'
      }
      const shared = [store, reopen()].map((store) => barrier(store, run, { name: 'run', share: true }))
      const results = await Promise.allSettled([shared[0]?.(), shared[1]?.(), shared[0]?.(), shared[1]?.()])
      expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: error }])
      expect(runs).toBeGreaterThanOrEqual(3)
      expect(await shared[0]?.()).toBe('kept')
    })
  })
}
