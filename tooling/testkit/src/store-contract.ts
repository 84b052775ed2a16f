import { describe } from 'vitest'
import { drawsTimesToLive } from './store/draws-times-to-live.ts'
import { endsWithClose } from './store/ends-with-close.ts'
import { hasNamespaces } from './store/has-namespaces.ts'
import { hearsOfChanges } from './store/hears-of-changes.ts'
import { iteratesInOrder } from './store/iterates-in-order.ts'
import { keepsMetadata } from './store/keeps-metadata.ts'
import { meetsALock } from './store/meets-a-lock.ts'
import { meetsItself } from './store/meets-itself.ts'
import { readsRanges } from './store/reads-ranges.ts'
import { refusesReentry } from './store/refuses-reentry.ts'
import { servesProcesses } from './store/serves-processes.ts'
import type { StoreSuite } from './store/store-suite.ts'
import { hasSeveralTags } from './store/tags/has-several-tags.ts'
import { selectsByTag } from './store/tags/selects-by-tag.ts'
import { worksInsideTransact } from './store/works-inside-transact.ts'
import { worksOpen } from './store/works-open.ts'
import { STORE_CASES, type StoreCase, type StoreMember } from './store-cases.ts'
import { type OpenStore, storeTest } from './store-test.ts'

const CASES = Object.entries(STORE_CASES) as [StoreMember, StoreCase][]

/**
 * Defines tests for a synchronous engine: every member of `Store`, on an open, a reopened and a closed store, inside
 * `transact` and `update`, also of another store of this process, beside a process that holds the lock, and from a
 * second process. What may differ between engines follows the `capabilities` of the store itself.
 *
 * @param name stands before the title of every test
 * @param open opens a store in a directory; all stores of one directory share their entries
 * @param factory a module that exports the same function as `open`; a second process, plain Node, imports it
 */
export function storeContract(name: string, open: OpenStore, factory: URL): void {
  const suite: StoreSuite = { name, test: storeTest(open) }

  describe.each(CASES)(`${name}: %s`, (member, storeCase) => {
    const memberSuite = { ...storeCase, member, test: suite.test }
    worksOpen(memberSuite)
    worksInsideTransact(memberSuite)
    endsWithClose(memberSuite)
    meetsItself(memberSuite)
    refusesReentry(memberSuite)
  })
  iteratesInOrder(suite)
  selectsByTag(suite)
  hasSeveralTags(suite)
  hasNamespaces(suite)
  readsRanges(suite)
  keepsMetadata(suite)
  drawsTimesToLive(suite)
  hearsOfChanges(suite)
  meetsALock(suite, CASES, factory)
  servesProcesses(suite, CASES, factory)
}
