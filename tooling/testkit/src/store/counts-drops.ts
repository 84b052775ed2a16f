import { expect } from 'vitest'
import type { StoreSuite } from './store-suite.ts'

/** Tests that `stats()` counts what was dropped while another store held the lock. */
export function countsDrops({ name, test }: StoreSuite): void {
  test(`${name} counts what it dropped, if it drops`, ({ store, reopen }) => {
    const impatient = reopen({ timeout: 2 })
    store.transact(() => {
      if (impatient.capabilities.onBusy === 'drop') impatient.set('k', 1)
    })
    expect(impatient.stats({ reset: true }).dropped).toBe(impatient.capabilities.onBusy === 'drop' ? 1 : 0)
    expect(impatient.stats().dropped).toBe(0)
  })
}
