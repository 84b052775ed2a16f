import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { until } from '../until.ts'

/** Tests that a `barrier` with `share` gives no result of a run that lost its lock, or of one before the call. */
export function sharesWhatWasHeld({ name, test, recipes: { barrier, Lock } }: RecipeSuite): void {
  describe(`${name}: barrier() with share, without its lock`, () => {
    test('shares nothing of a run that lost its lock', async ({ store, clock }) => {
      const begun: string[] = []
      const over = { lost: Promise.withResolvers<void>(), next: Promise.withResolvers<void>() }
      const run = async (name: string, end?: keyof typeof over) => {
        const run = `${name}, ${begun.push(name)}`
        if (end !== undefined) await over[end].promise
        return run
      }
      const options = { name: 'lost', share: true }
      const short = barrier(store, () => run('a', 'lost'), {
        ...options,
        lock: (store, key) => new Lock(store, key, { lease: 100, maxHold: 100 }),
      })
      const lost = short()
      await until(() => begun.length === 1)
      const next = barrier(store, (_: number) => run('b', 'next'), options)(1)
      const last = barrier(store, () => run('c'), options)()
      await delay(100)
      clock.advance(100)
      await until(() => begun.length === 2)
      over.lost.resolve()
      await expect(lost).rejects.toMatchObject({ code: 'ERR_DISKCACHE_LOCK_LOST' })
      over.next.resolve()
      // Which of the two comes first, is for the store to say.
      const results = await Promise.all([next, last])
      expect(results.map((result) => result[0])).toEqual(['b', 'c'])
    })

    test('neither takes nor leaves a result of an earlier hold than the one that is there', async ({
      store,
    }) => {
      const row = ['diskcache', 'barrier', 'late', 'result']
      const options = { name: 'late', share: true }
      await store.set(row, { value: 'before', token: 2 })
      const hold = await new Lock(store, ['diskcache', 'barrier', 'late']).acquire()
      const waiting = barrier(store, () => 'own', options)()
      await store.get('nothing')
      await store.set(row, { value: 'late', token: 1 })
      await hold.release()
      expect(await waiting).toBe('own')

      const later = { value: 'later', token: Number.MAX_SAFE_INTEGER }
      const overtaken = barrier(store, () => store.set(row, later), options)
      expect(await overtaken()).toBe(true)
      expect(await store.get(row)).toEqual(later)
    })
  })
}
