import type { StoreCase, StoreMember } from '../store-cases.ts'
import type { SyncStore, storeTest } from '../store-test.ts'

/** What the tests of one behaviour of a `Store` are given. */
export interface StoreSuite {
  /** Stands before the title of every test. */
  readonly name: string
  readonly test: ReturnType<typeof storeTest<SyncStore>>
}

/** What the tests of one member of `Store` in one state are given. */
export interface StoreMemberSuite extends StoreCase {
  readonly test: StoreSuite['test']
  readonly member: StoreMember
}
