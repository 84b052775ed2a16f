import type { AsyncStore } from '@diskcache/core'
import type { AsyncStoreCase } from '../async-store-cases.ts'
import type { asyncStoreTest } from '../async-store-test.ts'

/** What the tests of one behaviour of an `AsyncStore` are given. */
export interface AsyncStoreSuite {
  /** Stands before the title of every test. */
  readonly name: string
  readonly test: ReturnType<typeof asyncStoreTest<AsyncStore>>
  /** Tests of what an engine lacks are left out. */
  readonly capabilities: AsyncStore['capabilities']
}

/** What the tests of one member of `AsyncStore` in one state are given. */
export interface AsyncStoreMemberSuite extends AsyncStoreCase {
  readonly test: AsyncStoreSuite['test']
}
