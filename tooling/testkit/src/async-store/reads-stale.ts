import { expect } from 'vitest'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that `stale` gives nothing that was never there, or that the store itself has changed. */
export function readsStale({ name, test }: AsyncStoreSuite): void {
  test(`${name}: get() with stale gives what the store last had, or nothing`, async ({ store }) => {
    const read = async () => {
      const options = { stale: true }
      return [await store.get('key', options), (await store.getEntry('key', options))?.value]
    }
    expect(await read()).toEqual([undefined, undefined])
    for (const value of ['first', 'second']) {
      await store.set('key', value)
      await store.get('key')
      await store.getEntry('key')
      for (const found of await read()) expect([value, undefined]).toContain(found)
    }
    await store.delete('key')
    expect(await read()).toEqual([undefined, undefined])
  })
}
