import type { OpenAsyncStore } from '../async-store-test.ts'
import { computesEarly } from './get-or-set/computes-early.ts'
import { computesOnce } from './get-or-set/computes-once.ts'
import { decidesByValue } from './get-or-set/decisions/decides-by-value.ts'
import { keepsFailures } from './get-or-set/decisions/keeps-failures.ts'
import { doesWithoutTheStore } from './get-or-set/does-without-the-store.ts'
import { forgets } from './get-or-set/forgets.ts'
import { getOrSetTest } from './get-or-set/get-or-set-test.ts'
import { heedsSignals } from './get-or-set/heeds-signals.ts'
import { honoursOptions } from './get-or-set/honours-options.ts'
import { keepsStale } from './get-or-set/keeps-stale.ts'
import { runsUnderALease } from './get-or-set/lease/runs-under-a-lease.ts'
import { takesTooLong } from './get-or-set/lease/takes-too-long.ts'
import { memoizes } from './get-or-set/memoizes.ts'
import { outlivesFailures } from './get-or-set/outlives-failures.ts'
import { passesFailures } from './get-or-set/passes-failures.ts'
import type { RecipeSuite } from './recipe-suite.ts'
import type { Recipes } from './recipes.ts'

/** Tests what `getOrSet` and `memoizeStampede` do on any engine. The store must refuse values of 2 MB. */
export function getOrSetContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const suite: RecipeSuite = { name, test: getOrSetTest(open), recipes }
  computesOnce(suite)
  honoursOptions(suite)
  decidesByValue(suite)
  passesFailures(suite)
  keepsFailures(suite)
  runsUnderALease(suite)
  takesTooLong(suite)
  heedsSignals(suite)
  computesEarly(suite)
  keepsStale(suite)
  outlivesFailures(suite)
  forgets(suite)
  doesWithoutTheStore(suite)
  memoizes(suite)
}
