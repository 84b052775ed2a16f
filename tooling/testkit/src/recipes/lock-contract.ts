import type { OpenAsyncStore } from '../async-store-test.ts'
import { endsWithTheStore } from './lock/ends-with-the-store.ts'
import { excludes } from './lock/excludes.ts'
import { freesTheDead } from './lock/frees-the-dead.ts'
import { increasesTokens } from './lock/increases-tokens.ts'
import { losesHolds } from './lock/loses-holds.ts'
import { releases } from './lock/releases.ts'
import { runsBodies } from './lock/runs-bodies.ts'
import { stopsWaiting } from './lock/stops-waiting.ts'
import { takesTurns } from './lock/takes-turns.ts'
import { recipeSuite } from './recipe-suite.ts'
import type { Recipes } from './recipes.ts'

/** Tests what `Lock` does on any engine. */
export function lockContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const suite = recipeSuite(name, open, recipes)
  excludes(suite)
  stopsWaiting(suite)
  takesTurns(suite)
  freesTheDead(suite)
  losesHolds(suite)
  releases(suite)
  runsBodies(suite)
  increasesTokens(suite)
  endsWithTheStore(suite)
}
