import { expect } from 'vitest'
import type { AsyncStoreMemberSuite } from './async-store-suite.ts'

/** Tests that a member rejects on a closed store, or works there if it says so. */
export function endsWithClose({ test, act, expected, worksClosed }: AsyncStoreMemberSuite): void {
  test(
    worksClosed ? 'works on a closed store' : 'rejects with ERR_DISKCACHE_CLOSED on a closed store',
    async ({ store }) => {
      await store.close()
      const result = (async () => act(store, {}))()
      if (worksClosed) expect(await result).toEqual(expected)
      else await expect(result).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    },
  )
}
