import type { OpenAsyncStore } from '../async-store-test.ts'
import { recipeSuite } from './recipe-suite.ts'
import type { Recipes } from './recipes.ts'
import { entersAgain } from './rlock/enters-again.ts'
import { freesTheLock } from './rlock/frees-the-lock.ts'
import { keepsOthersOut } from './rlock/keeps-others-out.ts'

/** Tests what `RLock` does on any engine, beyond what it has in common with `Lock`. */
export function rlockContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const suite = recipeSuite(name, open, recipes)
  entersAgain(suite)
  keepsOthersOut(suite)
  freesTheLock(suite)
}
