import { describe, expect } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Recipes } from './recipes.ts'

/** What `Averager` does on any engine. */
export function averagerContract(name: string, open: OpenAsyncStore, { Averager }: Recipes): void {
  const test = asyncStoreTest(open)

  describe(`${name}: Averager`, () => {
    test('averages what all processes add', async ({ store, reopen }) => {
      const averagers = [store, reopen(), reopen()].map((store) => new Averager(store, 'k'))
      await Promise.all(Array.from({ length: 60 }, (_, i) => averagers[i % 3]?.add(i)))
      expect(await averagers[1]?.get()).toBe(29.5)
    })

    test('Averager.get() gives undefined before anything was added', async ({ store }) => {
      const averager = new Averager(store, 'k')
      expect([await averager.get(), await averager.pop()]).toEqual([undefined, undefined])
    })

    test('Averager.pop() begins anew', async ({ store }) => {
      const averager = new Averager(store, 'k')
      for (const value of [1, 2, 6]) await averager.add(value)
      expect(await averager.pop()).toBe(3)
      await averager.add(-0.5)
      expect(await averager.get()).toBe(-0.5)
    })

    test('keys and options are honoured, and ttl begins anew with each number', async ({ store, clock }) => {
      const [a, b] = ['a', 'b'].map((key) => new Averager(store, key, { ttl: 1_000, tag: key }))
      await a?.add(1)
      await b?.add(5)
      clock.advance(600)
      await a?.add(3)
      clock.advance(600)
      expect([await a?.get(), await b?.get()]).toEqual([2, undefined])
      expect(await store.evict('a')).toBe(1)
      expect(await a?.get()).toBeUndefined()
    })
  })
}
