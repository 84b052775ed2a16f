import { expect } from 'vitest'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that the store has the capabilities by which tests are left out. */
export function hasItsCapabilities({ name, test, capabilities }: AsyncStoreSuite): void {
  test(`${name} has the capabilities that it is tested for`, ({ store }) => {
    expect(store.capabilities).toEqual(capabilities)
  })
}
