import { afterAll, beforeAll, describe, expect } from 'vitest'
import { SecondProcess } from '../second-process.ts'
import { BUSY, type StoreCase, type StoreMember } from '../store-cases.ts'
import type { StoreSuite } from './store-suite.ts'

/**
 * Tests that every member drops or waits, as the capabilities say, while a second process, which imports `factory`,
 * holds the lock.
 */
export function meetsALock(
  { name, test }: StoreSuite,
  cases: readonly [StoreMember, StoreCase][],
  factory: URL,
): void {
  describe(`${name} while another process holds the lock`, () => {
    let second: SecondProcess
    beforeAll(() => {
      second = new SecondProcess(factory)
    })
    afterAll(() => second.stop())

    for (const [member, { arrange, act, expected, busy, isAsync }] of cases) {
      if (isAsync) continue
      test(`${member} does what its capabilities say`, async ({ store, reopen, directory, clock }) => {
        arrange?.(store)
        const patient = reopen({ timeout: 2 })
        await second.whileLocked(directory, clock.time, () => {
          const drops = patient.capabilities.onBusy === 'drop'
          if (busy === undefined) expect(act(patient)).toEqual(expected)
          else if (busy !== BUSY && drops) expect(act(patient)).toEqual(busy)
          else expect(() => act(patient)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }))
        })
      })
    }

    test('stats() counts what was dropped, if it drops', async ({ store, reopen, directory, clock }) => {
      const impatient = reopen({ timeout: 2 })
      const drops = store.capabilities.onBusy === 'drop'
      await second.whileLocked(directory, clock.time, () => {
        if (drops) impatient.set('k', 1)
      })
      expect(impatient.stats({ reset: true }).dropped).toBe(drops ? 1 : 0)
      expect(impatient.stats().dropped).toBe(0)
    })
  })
}
