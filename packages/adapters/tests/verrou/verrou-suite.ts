import type { AsyncStore, Store } from '@diskcache/core'
import { registerStoreTestSuite } from '@verrou/core/test_suite'
import { VerrouStore } from '../../src/verrou/index.ts'
import { JapaSuite } from '../japa/japa-suite.ts'

let count = 0

/** The tests that verrou publishes for a store of locks. Each has one of its own, as all of them lock `'foo'`. */
export function verrouSuite(store: Store | AsyncStore): JapaSuite {
  const suite = new JapaSuite()
  registerStoreTestSuite({
    test: suite.test as never,
    createStore: () => new VerrouStore(store.namespace(`case-${++count}`), { storeTimeout: 20_000 }),
  })
  return suite
}
