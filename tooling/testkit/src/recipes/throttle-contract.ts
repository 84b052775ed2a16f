import type { OpenAsyncStore } from '../async-store-test.ts'
import { recipeSuite } from './recipe-suite.ts'
import type { Recipes } from './recipes.ts'
import { fillsByTime } from './throttle/fills-by-time.ts'
import { guards } from './throttle/guards.ts'
import { isShared } from './throttle/is-shared.ts'
import { sharesResults } from './throttle/shares-results.ts'
import { sharesWhatWasHeld } from './throttle/shares-what-was-held.ts'
import { throttles } from './throttle/throttles.ts'
import { waitsForTokens } from './throttle/waits-for-tokens.ts'

/** Tests what `TokenBucket`, `throttle` and `barrier` do on any engine. */
export function throttleContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const suite = recipeSuite(name, open, recipes)
  fillsByTime(suite)
  isShared(suite)
  waitsForTokens(suite)
  throttles(suite)
  guards(suite)
  sharesResults(suite)
  sharesWhatWasHeld(suite)
}
