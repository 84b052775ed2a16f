import { expect } from 'vitest'
import { BUSY } from '../store-cases.ts'
import type { StoreMemberSuite } from './store-suite.ts'

/** Tests that a member drops or waits, as the capabilities say, while another store holds the lock. */
export function meetsALock({ test, arrange, act, expected, busy, isAsync }: StoreMemberSuite): void {
  if (isAsync) return

  test('does what its capabilities say while another store holds the lock', ({ store, reopen }) => {
    arrange?.(store)
    const patient = reopen({ timeout: 2 })
    store.transact(() => {
      const drops = patient.capabilities.onBusy === 'drop'
      if (busy === undefined) expect(act(patient)).toEqual(expected)
      else if (busy !== BUSY && drops) expect(act(patient)).toEqual(busy)
      else expect(() => act(patient)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }))
    })
  })
}
