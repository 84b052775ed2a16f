import type { AsyncStore } from '@diskcache/core'
import { describe } from 'vitest'
import type { AsyncStoreSuite } from './async-store/async-store-suite.ts'
import { drawsTimesToLive } from './async-store/draws-times-to-live.ts'
import { endsWithClose } from './async-store/ends-with-close.ts'
import { finishesBeforeClose } from './async-store/finishes-before-close.ts'
import { hasItsCapabilities } from './async-store/has-its-capabilities.ts'
import { hasNamespaces } from './async-store/has-namespaces.ts'
import { heedsLateSignals, heedsSignals } from './async-store/heeds-signals.ts'
import { iteratesInOrder } from './async-store/iterates-in-order.ts'
import { keepsMetadata } from './async-store/keeps-metadata.ts'
import { keepsOperationsApart } from './async-store/keeps-operations-apart.ts'
import { keepsOrder } from './async-store/keeps-order.ts'
import { readsRanges } from './async-store/reads-ranges.ts'
import { readsStale } from './async-store/reads-stale.ts'
import { streamsFewChunks } from './async-store/streams-few-chunks.ts'
import { hasSeveralTags } from './async-store/tags/has-several-tags.ts'
import { selectsByTag } from './async-store/tags/selects-by-tag.ts'
import { worksOpen } from './async-store/works-open.ts'
import { ASYNC_STORE_CASES, type AsyncStoreCase, type AsyncStoreMember } from './async-store-cases.ts'
import { asyncStoreTest, type OpenAsyncStore } from './async-store-test.ts'

const CASES = Object.entries(ASYNC_STORE_CASES) as [AsyncStoreMember, AsyncStoreCase][]

/**
 * Defines tests for an engine behind `AsyncStore`: every member, on an open, a reopened and a closed store, and with a
 * signal that is aborted; order per key, operations that fail alone, ranges of streams, metadata beside them, several stores at once, and the
 * end.
 *
 * @param name stands before the title of every test
 * @param open opens a store; all stores of one directory share their entries
 * @param capabilities what the engine can do: tests of what it lacks are left out, and one test compares these with those
 *   of the store
 */
export function asyncStoreContract(
  name: string,
  open: OpenAsyncStore,
  capabilities: AsyncStore['capabilities'],
): void {
  const suite: AsyncStoreSuite = { name, test: asyncStoreTest(open), capabilities }
  const cases = CASES.filter(([, { needs }]) => needs?.(capabilities) ?? true)

  hasItsCapabilities(suite)
  describe.each(cases)(`${name}: %s`, (_, storeCase) => {
    const memberSuite = { ...storeCase, test: suite.test }
    worksOpen(memberSuite)
    endsWithClose(memberSuite)
    heedsSignals(memberSuite)
  })
  iteratesInOrder(suite)
  selectsByTag(suite)
  hasSeveralTags(suite)
  hasNamespaces(suite)
  keepsOrder(suite)
  keepsOperationsApart(suite)
  streamsFewChunks(suite)
  readsRanges(suite)
  keepsMetadata(suite)
  drawsTimesToLive(suite)
  readsStale(suite)
  finishesBeforeClose(suite)
  heedsLateSignals(suite)
}
