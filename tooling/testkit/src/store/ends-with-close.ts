import { expect } from 'vitest'
import type { StoreMemberSuite } from './store-suite.ts'

/** Tests that a member throws on a closed store, or works there if it says so. */
export function endsWithClose({ test, act, expected, worksClosed }: StoreMemberSuite): void {
  test(
    worksClosed ? 'works on a closed store' : 'throws ERR_DISKCACHE_CLOSED on a closed store',
    async ({ store }) => {
      store.close()
      const result = (async () => act(store))()
      if (worksClosed) expect(await result).toEqual(expected)
      else await expect(result).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    },
  )
}
