import type { OpenAsyncStore } from '../async-store-test.ts'
import { recipeSuite } from './recipe-suite.ts'
import type { Recipes } from './recipes.ts'
import { increasesTokens } from './semaphore/increases-tokens.ts'
import { letsInSoMany } from './semaphore/lets-in-so-many.ts'
import { losesHolds } from './semaphore/loses-holds.ts'

/** Tests what `BoundedSemaphore` does on any engine, beyond what it has in common with `Lock`. */
export function semaphoreContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const suite = recipeSuite(name, open, recipes)
  letsInSoMany(suite)
  losesHolds(suite)
  increasesTokens(suite)
}
