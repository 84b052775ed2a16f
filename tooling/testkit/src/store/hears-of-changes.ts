import type { Store } from '@diskcache/core'
import type { StoreSuite } from './store-suite.ts'

/** Tests that `promises.waitFor()` hears of synchronous writes. */
export function hearsOfChanges({ name, test }: StoreSuite): void {
  test(`${name}: promises.waitFor() hears of what the synchronous face does`, async ({ store }) => {
    const { promises } = store as Store
    const signal = AbortSignal.timeout(20_000)
    for (const write of [() => store.set('k', 1), () => store.transact(() => store.incr('k'))]) {
      const changed = promises.waitFor?.(['k'], { signal })
      write()
      await changed
    }
  })
}
