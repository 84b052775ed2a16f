import type { AsyncStore, Store } from '@diskcache/core'
import { registerCacheDriverTestSuite } from 'bentocache/test_suite'
import { diskcacheDriver } from '../../src/bentocache/index.ts'
import { JapaSuite } from '../japa/japa-suite.ts'

/** The tests that bentocache publishes for a driver. */
export function bentocacheSuite(store: Store | AsyncStore): JapaSuite {
  const suite = new JapaSuite()
  const driver = diskcacheDriver(store, { storeTimeout: 20_000 })
  registerCacheDriverTestSuite({
    test: suite.test as never,
    group: suite.group as never,
    supportsMilliseconds: true,
    createDriver: (options) => driver.factory({ prefix: 'japa', ...options }),
  })
  return suite
}
