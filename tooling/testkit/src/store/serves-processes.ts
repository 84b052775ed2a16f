import { afterAll, beforeAll, describe, expect } from 'vitest'
import { SecondProcess } from '../second-process.ts'
import type { StoreCase, StoreMember } from '../store-cases.ts'
import type { StoreSuite } from './store-suite.ts'

/** Tests that every member works in a second process, which imports `factory`, on what the first has written. */
export function servesProcesses(
  { name, test }: StoreSuite,
  cases: readonly [StoreMember, StoreCase][],
  factory: URL,
): void {
  describe(`${name} from a second process`, () => {
    let second: SecondProcess
    beforeAll(() => {
      second = new SecondProcess(factory)
    })
    afterAll(() => second.stop())

    for (const [member, { arrange, expected }] of cases) {
      test(`${member} works`, async ({ store, directory, clock }) => {
        arrange?.(store)
        expect(await second.run({ member, directory, time: clock.time })).toEqual(expected)
      })
    }
  })
}
