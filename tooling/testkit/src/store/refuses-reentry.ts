import { expect } from 'vitest'
import type { StoreMemberSuite } from './store-suite.ts'

/** Tests that a member throws inside the callback of `update()`. */
export function refusesReentry({ test, arrange, act, worksClosed }: StoreMemberSuite): void {
  if (worksClosed) return

  test('throws ERR_DISKCACHE_REENTRANT inside update()', async ({ store }) => {
    arrange?.(store)
    let inner: unknown
    store.update('outer', () => {
      inner = (async () => act(store))()
      return { keep: true }
    })
    await expect(inner).rejects.toMatchObject({ code: 'ERR_DISKCACHE_REENTRANT' })
  })
}
