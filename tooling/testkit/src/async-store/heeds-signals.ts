import { expect } from 'vitest'
import type { AsyncStoreMemberSuite, AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that a member does nothing when its signal is aborted. */
export function heedsSignals({ test, arrange, act, isUnabortable }: AsyncStoreMemberSuite): void {
  if (isUnabortable) return

  test('rejects with the reason of a signal that is aborted, and changes nothing', async ({ store }) => {
    await arrange?.(store)
    const before = await Array.fromAsync(store.entries())
    const reason = new Error('aborted')
    const result = (async () => act(store, { signal: AbortSignal.abort(reason) }))()
    await expect(result).rejects.toBe(reason)
    expect(await Array.fromAsync(store.entries())).toEqual(before)
  })
}

/** Tests that reads which are issued together have a signal each. */
export function heedsLateSignals({ name, test }: AsyncStoreSuite): void {
  test(`${name}: a read whose signal is aborted meanwhile rejects with the reason, or is answered like the others`, async ({
    store,
  }) => {
    await store.set('k', 1)
    const controller = new AbortController()
    const { signal } = controller
    const reads = Promise.allSettled([
      store.get('k', { signal }),
      store.get('k'),
      store.getEntry('k', { signal }),
    ])
    const reason = new Error('aborted')
    controller.abort(reason)
    const [first, second, third] = await reads
    expect(second).toEqual({ status: 'fulfilled', value: 1 })
    for (const result of [first, third]) if (result.status === 'rejected') expect(result.reason).toBe(reason)
  })
}
