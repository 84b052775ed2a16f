import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../../recipe-suite.ts'
import { slowMake } from '../slow-make.ts'

/** Tests that a run that takes longer than `computeTimeout` holds nobody up but the caller that began it. */
export function takesTooLong({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() takes too long`, () => {
    test('a run that takes too long makes room, and what it still gives is for its caller alone', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowMake()
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const late = getOrSet(store, 'k', make, { lease: 100, computeTimeout: 150, onError })
      await begun(1)
      expect(await getOrSet(reopen(), 'k', () => 'taken over')).toBe('taken over')
      expect(await getOrSet(store, 'k', () => expect.unreachable())).toBe('taken over')
      expect(runs[0]?.signal.reason).toMatchObject({ code: 'ERR_DISKCACHE_LOCK_TIMEOUT', key: 'k' })
      expect(errors).toEqual([runs[0]?.signal.reason])
      runs[0]?.resolve('late')
      expect(await late).toBe('late')
      expect(await getOrSet(store, 'k', () => expect.unreachable())).toBe('taken over')
    })

    test('a run that takes too long lets all go but the caller that began it', async ({ store }) => {
      const { runs, make, begun } = slowMake()
      const options = { lease: 100, computeTimeout: 150 }
      const late = getOrSet(store, 'k', make, options)
      await begun(1)
      const joined = [1, 2].map((i) => getOrSet(store, 'k', () => `joined ${i}`, options))
      expect(await Promise.all(joined)).toEqual(['joined 1', 'joined 1'])
      runs[0]?.resolve('late')
      expect(await late).toBe('late')
      expect(await getOrSet(store, 'k', () => expect.unreachable())).toBe('joined 1')
    })

    test('a run without the store that takes too long lets all go, too', async ({ store }) => {
      const { runs, make, begun } = slowMake()
      const options = { ttl: 0, lease: 100, computeTimeout: 100 }
      const late = getOrSet(store, 'k', make, options)
      await begun(1)
      expect(await getOrSet(store, 'k', () => 'joined', options)).toBe('joined')
      expect(runs[0]?.signal.reason).toMatchObject({ code: 'ERR_DISKCACHE_LOCK_TIMEOUT', key: 'k' })
      runs[0]?.resolve('late')
      expect(await late).toBe('late')
    })

    test('a run that was forgotten and takes too long lets go of its callers, not those of the next', async ({
      store,
    }) => {
      const { runs, make, begun } = slowMake()
      const late = getOrSet(store, 'k', make, { lease: 100, computeTimeout: 100 })
      await begun(1)
      const joined = getOrSet(store, 'k', () => expect.unreachable())
      await delay(20)
      await getOrSet.forget(store, 'k')
      const next = getOrSet(store, 'k', make, { lease: 100 })
      await begun(2)
      await once(runs[0]?.signal as AbortSignal, 'abort')
      const last = getOrSet(store, 'k', () => expect.unreachable())
      runs[1]?.resolve('next')
      expect(await Promise.all([joined, next, last])).toEqual(['next', 'next', 'next'])
      runs[0]?.resolve('late')
      expect(await late).toBe('late')
    })
  })
}
