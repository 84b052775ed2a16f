import { expect } from 'vitest'
import type { AsyncStoreMemberSuite } from './async-store-suite.ts'

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
