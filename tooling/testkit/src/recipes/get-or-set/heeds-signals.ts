import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { slowMake } from './slow-make.ts'

/** Tests that a caller may give up, and that a run is aborted when all of its callers have. */
export function heedsSignals({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() and signals`, () => {
    test('a caller that gives up leaves the others alone', async ({ store }) => {
      const { runs, make, begun } = slowMake()
      const reason = new Error('enough')
      const controller = new AbortController()
      const impatient = getOrSet(store, 'k', make, { signal: controller.signal })
      const hasty = expect(getOrSet(store, 'k', make, { timeout: 20 })).rejects.toMatchObject({
        code: 'ERR_DISKCACHE_LOCK_TIMEOUT',
      })
      const patient = getOrSet(store, 'k', make)
      await begun(1)
      controller.abort(reason)
      await expect(impatient).rejects.toBe(reason)
      await hasty
      expect(runs[0]?.signal.aborted).toBe(false)
      runs[0]?.resolve('value')
      expect(await patient).toBe('value')
      expect(runs[0]?.signal.aborted).toBe(false)
    })

    test('when all have given up, the run is aborted, and the next caller begins anew', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowMake()
      const controllers = [new AbortController(), new AbortController()]
      const calls = controllers.map(({ signal }) => getOrSet(store, 'k', make, { signal }))
      const results = Promise.allSettled(calls)
      await begun(1)
      const elsewhere = getOrSet(reopen(), 'k', () => 'elsewhere')
      await delay(30)
      controllers[0]?.abort()
      expect(runs[0]?.signal.aborted).toBe(false)
      controllers[1]?.abort()
      await results
      expect(runs[0]?.signal.aborted).toBe(true)
      runs[0]?.reject(runs[0].signal.reason)
      expect(await elsewhere).toBe('elsewhere')
      expect(await getOrSet(store, 'k', make)).toBe('elsewhere')
    })

    test('an aborted signal rejects with its reason, also when the value is there', async ({ store }) => {
      const reason = new Error('aborted')
      const signal = AbortSignal.abort(reason)
      await expect(getOrSet(store, 'k', () => 1, { signal })).rejects.toBe(reason)
      await getOrSet(store, 'k', () => 1)
      await expect(getOrSet(store, 'k', () => 1, { signal })).rejects.toBe(reason)
    })
  })
}
